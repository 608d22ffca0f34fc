"""check-sql.py DB FILE: the database adds up to the file."""
import os
import sqlite3
import sys

db = sqlite3.connect(sys.argv[1])
size = os.path.getsize(sys.argv[2])
one = lambda q: db.execute(q).fetchone()[0]
assert one("select size from file") == size
assert one("select sum(size) from span") == size
for view in ("by_package", "by_module", "by_section"):
    assert one(f"select sum(size) from {view}") == size, view
assert one("select count(*) from by_symbol where name = 'main.main'") == 1
shared = one("select count(*) from shared")
assert shared > 10
assert one("select min(n) from (select count(*) n from user group by set_id)") > 1
print(f"spans, by_package, by_module, by_section add up; {shared} shared spans have users")
