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
      /** The user should then try again what failed. */
      readonly again?: true;
    }
  /** Something that no command does, in one sentence. */
  | { readonly do: "byHand"; readonly text: string };

/** Who must run a command: this user by sudo, or whoever is root. Absent: this user. */
export type Rights = "sudo" | "root";

export function byHand(text: string): Advice {
  return { do: "byHand", text };
}

/** How this user gets the rights of root: by sudo, unless root already. */
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
