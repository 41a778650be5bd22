/** The project in an environment's id, `engine~project`. Pure. */
export function toProject(environment: string): string {
  return environment.slice(environment.indexOf('~') + 1);
}
