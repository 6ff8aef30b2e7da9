/** The function with its last answer kept: screens are drawn more often than what they are drawn from changes. */
export function remember<A extends readonly unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly result: R } | undefined;
  return (...args) => {
    if (last?.args.length === args.length && last.args.every((arg, at) => Object.is(arg, args[at]))) return last.result;
    last = { args, result: work(...args) };
    return last.result;
  };
}
