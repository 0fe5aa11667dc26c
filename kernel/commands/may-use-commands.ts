// The question that is asked of every cell, and must cost nothing.

/** Whether a source may use a command at all. */
export const mayUseCommands = (source: string): boolean => /^[ \t]*%/m.test(source);
