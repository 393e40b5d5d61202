"""`gradus`, noting in a file which modules were loaded when a text was handed to the terminal.

Run as a script: `imports_probe.py FILE TEXT`. The note is made where the bytes leave the program,
so nothing imported after the frame is blamed on it.
"""

import sys
from pathlib import Path

from textual.drivers._writer_thread import WriterThread

_write = WriterThread.write
_file, _text = Path(sys.argv[1]), sys.argv[2]


def _noting(self: WriterThread, text: str) -> None:
    if _text in text and not _file.exists():
        _file.write_text("\n".join(sorted(sys.modules)))
    _write(self, text)


WriterThread.write = _noting  # type: ignore[method-assign]

if __name__ == "__main__":
    from app.cli import main

    sys.exit(main([]))
