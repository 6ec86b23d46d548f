/** What a source hands over. */
export interface SourceListener {
  /**
   * Things that were sent as events, of any form.
   * @param settle to be called once they are kept: the source may then forget them
   */
  onEvents(raw: readonly unknown[], settle: () => void): void;
  /** From now on nothing is heard. @param reason in a few words, without passwords */
  onLost(reason: string): void;
  /** From now on everything is heard. */
  onConnected(): void;
}

/** Where events come from. Finds its way back by itself when it is lost. */
export interface EventSource {
  /** For people; without credentials. */
  readonly address: string;
  listen(listener: SourceListener): void;
  close(): Promise<void>;
}
