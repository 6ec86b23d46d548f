/** How deep a body's JSON may nest. Deeper ones would overflow the stack of a walk over them, ours or a schema's. */
export const maxDepth = 200;
/** How deep one value may nest when it is written; the message around it takes the rest of {@link maxDepth}. */
export const maxValueDepth = 100;
/** How many signatures may be linked inside one another; each takes up to seven levels of {@link maxDepth}. */
export const maxNesting = 12;
/** How many levels of {@link maxDepth} signatures may take in one another; a body, its embed and a list are around them. */
export const maxSignatureDepth: number = maxDepth - maxValueDepth - 4;
/** Bytes of a body, before and after decompression, unless the caller says otherwise. */
export const maxPayloadByDefault: number = 64 * 1024 * 1024;
/** Characters of the `ligature-meta` header. A frame of headers holds 128 KiB in RabbitMQ, amqplib's buffer for them 64. */
export const maxBoundMeta: number = 16 * 1024;
