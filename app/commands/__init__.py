"""What `python -m app COMMAND` does; each file adds its commands and what runs them."""

from typing import Final

from app.commands import access, backups, data, documents, figures, files, keys, ledger, server, wechat

# In the order of --help: what an operator needs first comes first.
ALL: Final = (server, files, access, ledger, figures, backups, keys, wechat, data, documents)
