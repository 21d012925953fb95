"""bovine-herd as its authors ship it: `hypercorn app:app`, the database in BOVINE_DB_URL."""

import os

from bovine_herd import BovineHerd
from quart import Quart

app = BovineHerd(Quart("herd"), db_url=os.environ["BOVINE_DB_URL"])
