"""Saving one section of the form again and again, every answer of it changed each time; median and 99% in ms.

Makes one audit of the large cycle its coordinator's own, open again, and sends the section through the whole
service, without a network.

    python -m tests.bench.saving FOLDER DAY
"""

import json
import statistics
import sys
import time
from itertools import cycle

from sqlalchemy import select

from app import create_app
from app.answers.stored_form import form_of
from app.audits.models import Audit
from app.audits.parts import LEAD
from app.database import db, transaction
from config.settings import from_environment
from tests.bench.installation import COORDINATOR, PASSWORD, environment

TIMES = 200


def main() -> None:
    """Save and say how long it took, as JSON."""
    folder = sys.argv[1]
    app = create_app(from_environment(environment(folder)))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        with transaction():
            audit = db.session.scalars(select(Audit).order_by(Audit.id).limit(1)).one()
            audit.returned_on = audit.confirmed_on = None
            lead = next(one for one in audit.assignments if one.part == LEAD)
            lead.person_id = 1
        address = f"/audits/{audit.reference}/form/1"
        asked = form_of(audit).sections[0].questions
    client = app.test_client()
    client.post("/sign-in", data={"email": COORDINATOR, "password": PASSWORD})
    took = []
    choices = cycle((0, 1))
    for n in range(TIMES):
        with app.app_context():
            audit = db.session.scalars(select(Audit).order_by(Audit.id).limit(1)).one()
            seen = {each.id: each.content.fingerprint for each in form_of(audit).sections[0].questions}
        choice, fields = next(choices), {"then": "continue", "completed": "no"}
        for each in asked:
            fields |= {
                f"seen-{each.id}": seen[each.id],
                f"response-{each.id}": str(each.responses[choice].id),
                f"found-{each.id}": str(choice + 1),
                f"looked-{each.id}": str(choice + 2),
                f"comment-{each.id}": f"Found in a case note, {n}.",
            }
        began = time.perf_counter()
        answer = client.post(address, data=fields)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 302:
            raise RuntimeError(f"saving was answered with {answer.status_code}")
    hundredths = statistics.quantiles(took, n=100)
    print(json.dumps({"median": hundredths[49], "99%": hundredths[98]}))


if __name__ == "__main__":
    main()
