// An index of products for search by words that may be misspelt. It is a copy: the database stays what counts.

export interface IndexedProduct {
  id: number;
  name: string;
  category: string;
  tags: string[];
  priceCents: number;
  stock: number;
}

export interface Hit extends IndexedProduct {
  score: number;
}

export interface Question {
  text: string;
  category: string | undefined;
  limit: number;
}

export interface VersionedProduct {
  product: IndexedProduct;
  /** Grows with every change: of two writers the one that read later wins, whoever writes last. */
  version: number;
}

export interface SearchIndex {
  /** For people. */
  readonly described: string;
  readonly isAway: boolean;
  /** Best first. Rejects with StoreAway when the index cannot be asked or is not there. */
  search(question: Question): Promise<{ count: number; hits: Hit[] }>;
  /** Rejects with StoreAway; then any of them may be in it or not. */
  put(products: readonly VersionedProduct[]): Promise<void>;
  /** How many products are in it; makes it where there is none. Rejects with StoreAway. */
  prepare(): Promise<number>;
  /** Finds out whether it can be asked, for isAway. Rejects with StoreAway when not. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** What a match counts in each field. */
export const FIELD_WEIGHTS = { name: 3, category: 2, tags: 1 } as const;
