/** How deep a body's JSON may nest. Deeper ones would overflow the stack of whoever walks them, ours or a schema's. */
export const maxDepth = 200;
/** How deep one value may nest when it is written; the rest of {@link maxDepth} is for what a message puts around it. */
export const maxValueDepth = 180;
/** Bytes of a body, before and after decompression, unless the caller says otherwise. */
export const maxPayloadByDefault: number = 64 * 1024 * 1024;
/** Characters of the `ligature-meta` header. RabbitMQ takes 128 KiB of headers by default, amqplib's buffer 64. */
export const maxBoundMeta: number = 16 * 1024;
