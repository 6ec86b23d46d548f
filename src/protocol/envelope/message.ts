/** A value that a header may hold. Integers are always written as AMQP `I` or `l` (wire format, "Integers in headers"). */
export type HeaderValue = string | number | boolean | null | readonly HeaderValue[] | { readonly [key: string]: HeaderValue };
export type Headers = Readonly<Record<string, HeaderValue>>;

/** The AMQP properties that Celery's protocol uses. */
export interface MessageProperties {
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly replyTo?: string | undefined;
  /** 0 to 255. */
  readonly priority?: number | undefined;
}

export interface Message {
  /** `""` addresses a queue by its name; otherwise a named exchange. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly headers: Headers;
  readonly properties: MessageProperties;
  readonly body: Uint8Array;
}
