/** What would help where something is missing or amiss. */
export type Advice =
  /** `lab setup` installs the program. */
  | { readonly do: "setup"; readonly program: string; readonly by?: Rights }
  | {
      readonly do: "run";
      readonly command: string;
      readonly by?: Rights;
      /** What the command is good for, in a few words. */
      readonly remark?: string;
      /** What the user did is to be tried again afterwards. */
      readonly again?: true;
    }
  /** Something that no command does, in one sentence. */
  | { readonly do: "byHand"; readonly text: string };

/** Whose rights a command needs, where not those of the user: this user's by sudo, or those of whoever is root. */
export type Rights = "sudo" | "root";

export function byHand(text: string): Advice {
  return { do: "byHand", text };
}

/** The rights with which this user runs what only root may. */
export function rightsOfRoot({ root }: { readonly root: boolean }): { readonly by?: Rights } {
  return root ? {} : { by: "sudo" };
}

/** A command that only root may run, as this user runs it. */
export function runAsRoot(command: string, user: { readonly root: boolean }, remark?: string): Advice {
  return { do: "run", command, ...rightsOfRoot(user), ...(remark === undefined ? {} : { remark }) };
}

/** Advice as a command line or a sentence. */
export function adviceInWords(advice: Advice): string {
  switch (advice.do) {
    case "setup":
      return setupCommand([advice.program], advice.by);
    case "run":
      return `${prefix(advice.by)}${advice.command}${advice.remark ? `   # ${advice.remark}` : ""}${advice.again ? "; then run this again" : ""}`;
    case "byHand":
      return advice.text;
  }
}

/** The command that installs programs. */
export function setupCommand(programs: readonly string[], by?: Rights): string {
  return `${prefix(by)}./lab setup ${programs.join(" ")}`;
}

function prefix(by: Rights | undefined): string {
  return by === "sudo" ? "sudo " : by === "root" ? "as root: " : "";
}
