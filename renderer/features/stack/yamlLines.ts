// Lines of YAML with their key told from their value, and the places one wants to jump to. Pure; made for printed YAML,
// where each key stands on a line of its own.

export interface YamlLine {
  number: number;
  /** Indentation and dash. */
  lead: string;
  /** With its colon; empty: the line has none. */
  key: string;
  rest: string;
}

export interface YamlPlace {
  name: string;
  line: number;
  /** 0: a section of the document; 1: a service, network … of it. */
  depth: 0 | 1;
}

export function toYamlLines(text: string): YamlLine[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line, index) => {
      const [, lead = '', key = '', rest = line] =
        /^(\s*(?:- )*)((?:"(?:[^"\\]|\\.)*"|[^\s"'#:][^:]*):)(?= |$)(.*)$/.exec(line) ?? [];
      return { number: index + 1, lead, key, rest };
    });
}

/** Sections, and what each of them holds. Lines of a text that goes over several are indented deeper. */
export function toYamlPlaces(lines: readonly YamlLine[]): YamlPlace[] {
  return lines.flatMap(({ number, lead, key }) => {
    const depth = lead === '' ? 0 : lead === '  ' ? 1 : null;
    return key === '' || depth === null ? [] : [{ name: key.slice(0, -1), line: number, depth } as const];
  });
}
