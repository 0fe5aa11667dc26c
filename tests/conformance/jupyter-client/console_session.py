"""One session in jupyter console, typed into a terminal. Prints its exit code."""

import os
import sys

import pexpect


def main():
    console = pexpect.spawn(
        "/usr/bin/jupyter",
        ["console", "--kernel", "gradlab", "--simple-prompt"],
        timeout=60,
        encoding="utf8",
        env=dict(os.environ, TERM="dumb"),
    )
    console.logfile_read = sys.stderr
    console.expect(r"In \[1\]: ")
    console.sendline("6 * 7")
    console.expect(r"Out\[1\]: 42")
    console.expect(r"In \[2\]: ")
    console.sendline("throw new Error('on purpose')")
    console.expect("line 1")
    console.expect(r"In \[3\]: ")
    console.sendeof()
    console.expect("want to exit")
    console.sendline("y")
    console.expect(pexpect.EOF)
    console.close()
    print(console.exitstatus)


if __name__ == "__main__":
    main()
