"""Importing a file of 5,000 people, new and again unchanged: seconds of each, as JSON.

python -m tests.bench.staff FOLDER DAY
"""

import json
import sys
import time
from pathlib import Path

from app import create_app
from app.people.importing_staff import import_staff
from config.settings import from_environment
from tests.bench.installation import environment
from tests.people.many_staff import write_staff

PEOPLE = 5000


def main() -> None:
    """Write the file, import it twice, and print how long each took."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    file = folder / "staff.csv"
    write_staff(file, PEOPLE)
    app = create_app(from_environment(environment(str(folder))))
    with app.app_context():
        from app.migrating import migrate

        migrate()
        seconds = []
        for _ in range(2):
            began = time.perf_counter()
            import_staff(file)
            seconds.append(time.perf_counter() - began)
    print(json.dumps({"new": seconds[0], "again": seconds[1]}))


if __name__ == "__main__":
    main()
