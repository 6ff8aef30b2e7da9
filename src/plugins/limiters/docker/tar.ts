const blockSize = 512;

/** A folder, or a link when it has a target. */
interface TarEntry {
  readonly path: string;
  readonly target?: string;
  /** Permissions; 0755 unless told. */
  readonly mode?: number;
}

/** A tar archive (POSIX ustar) of empty folders and symbolic links; the same entries give the same bytes. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(header), Buffer.alloc(2 * blockSize)]);
}

function header({ path, target, mode = 0o755 }: TarEntry): Buffer {
  const name = target === undefined ? `${path}/` : path;
  if (Buffer.byteLength(name) > 100 || Buffer.byteLength(target ?? "") > 100) {
    throw new Error(`the path ${name} is too long for a tar header`);
  }
  const block = Buffer.alloc(blockSize);
  block.write(name, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108); // owner
  block.write(octal(0, 7), 116); // group
  block.write(octal(0, 11), 124); // size
  block.write(octal(0, 11), 136); // time of change
  block.write(target === undefined ? "5" : "2", 156);
  block.write(target ?? "", 157);
  block.write("ustar\u000000", 257);
  block.fill(" ", 148, 156); // the checksum counts its own field as spaces
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
