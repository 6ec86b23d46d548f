/** What the examples of interceptors use of a database. */
export interface Transaction {
  insert(row: string): Promise<void>;
  find(name: string): Promise<{ readonly name: string }>;
}

export interface Database {
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** In memory: rows are there once their transaction is committed. */
export function memoryDatabase(): Database & { readonly rows: readonly string[] } {
  const rows: string[] = [];
  return {
    rows,
    async transaction(work) {
      const own: string[] = [];
      const result = await work({
        insert: async (row) => void own.push(row),
        find: async (name) => ({ name }),
      });
      rows.push(...own);
      return result;
    },
  };
}
