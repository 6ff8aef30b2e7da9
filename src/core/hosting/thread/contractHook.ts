import * as nodeModule from "node:module";

const here = import.meta.url;
let offered = false;

/**
 * From now on whoever imports `proxy-lab/contract` or `proxy-lab/conformance` gets those of this lab, as package.json
 * exports them. So a plugin needs no copy of the lab in its node_modules, and cannot meet another version of it there.
 */
export function offerContract(): void {
  if (offered) return;
  offered = true;
  if (typeof nodeModule.registerHooks === "function") {
    nodeModule.registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, specifier.startsWith("proxy-lab/") ? { ...context, parentURL: here } : context),
    });
  } else nodeModule.register(`data:text/javascript,${encodeURIComponent(hookBefore22dot15)}`);
}

/** The same for Node before 22.15, whose hooks run in a thread of their own and see `import` but not `require`. */
const hookBefore22dot15 = `export const resolve = (specifier, context, next) =>
  next(specifier, specifier.startsWith("proxy-lab/") ? { ...context, parentURL: ${JSON.stringify(here)} } : context);`;
