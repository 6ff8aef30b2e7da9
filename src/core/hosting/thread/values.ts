/** Fields and methods of an object, also those of its class. */
export function membersOf(object: object): [string, unknown][] {
  const names = new Set(Object.keys(object));
  const parent = (one: object): object | null => Object.getPrototypeOf(one);
  for (let proto = parent(object); proto !== null && parent(proto) !== null; proto = parent(proto))
    for (const name of Object.getOwnPropertyNames(proto)) if (name !== "constructor") names.add(name);
  return [...names].map((name) => [name, (object as Record<string, unknown>)[name]]);
}

/** Whether the structured clone algorithm copies it as it is. */
export function copiesWell(value: object): boolean {
  return (
    ArrayBuffer.isView(value) ||
    [Date, RegExp, Error, Map, Set, ArrayBuffer, SharedArrayBuffer].some((type) => value instanceof type)
  );
}

export function isPromise(value: object): value is PromiseLike<unknown> {
  return "then" in value && typeof value.then === "function";
}
