/** A program, and what to merge into the environment it is started with. */
export interface Program {
  command: string;
  env: Record<string, string>;
  /** The folder that it must be started in. */
  cwd?: string;
}

/** Where to look, and with what to fetch. */
export interface Places {
  directories: string[];
  cache: string;
  aptGet: string;
}

export function program(name: string, places?: Partial<Places>): Promise<Program>;
