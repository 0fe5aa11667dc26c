// What stands in a file, as a message shows it: short, and on one line.

const MOST_CHARACTERS = 80;

/** The start of a text. */
export const excerpt = (text: string | undefined): string =>
  text === undefined || text.length <= MOST_CHARACTERS
    ? String(text)
    : `${text.slice(0, MOST_CHARACTERS)}...`;

/** A name in quotes, in which nothing can break the line. */
export const quoted = (name: string): string => JSON.stringify(excerpt(name));
