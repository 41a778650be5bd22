/** An answer of the engine that is not a success. The message goes to the client as Docker's `{"message": …}`. */
export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'EngineError';
    this.status = status;
  }
}
