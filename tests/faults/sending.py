"""Faults while messages are sent: programs that are killed or paused, databases that end, bad relays."""

import json
import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from sqlalchemy import select, update

from app.database import db, transaction
from app.outbox.models import SENT, Message
from app.outbox.sending import BATCH
from tests.faults.killing import (
    LONGEST_SENDING,
    Installation,
    delivery_in_a_sending,
    killed_in_a_sending,
)
from tests.faults.places import PATIENCE, POSTGRESQL, SQLITE, New, Place, Program, wait_for
from tests.faults.scenario import Scenario
from tests.faults.warm import Warm
from tests.faults.whole import no_file_longer_than
from tests.mail_server import MailServer, MailServerProcess
from tests.smtp_conversation import Received, Stage

LEASE_SECONDS = 1
MESSAGES_A_KILL = 10
PAUSED_AT_ONCE, SECONDS_OF_ANOTHER = 5, 3
SECONDS_TO_NOTICE = 0.1
SLOW = ("--delay-ms", "1")
"""A mail server that gives the database time to end."""
MINUTE = timedelta(minutes=1)
RATE, CONNECTIONS = 30, 3
SMALL_DISK = {SQLITE: (20, 10, 40_000, 200_000), POSTGRESQL: (500, 1_500, 1_050_000, 1_150_000)}
"""Numbers of messages and of their letters, and sizes of the longest file, with which the disk gets full."""
NONE_LOST = "No message is lost; at most one repeat for each fault, with its Message-ID"


def mail(port: int, **more: str) -> dict[str, str]:
    """Return the settings of a mail server on this machine."""
    return {
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(port),
        "MAIL_LEASE_SECONDS": str(LEASE_SECONDS),
        **more,
    }


def none_lost(received: list[Received], messages: int, faults: int) -> str:
    """Hold what was received against the promise."""
    ids = {(one.message_id, one.to, one.date) for one in received}
    assert len(ids) == len({one.message_id for one in received}), "a repeat differs"
    assert len(ids) == messages, f"{len(ids)} of {messages} messages reached the mail server"
    repeats = len(received) - messages
    assert repeats <= faults, f"{repeats} repeats after {faults} faults"
    return f"{messages} messages, {repeats} repeats"


def delivered(place: Place, port: int) -> None:
    """Let programs deliver, as hours go by, until nothing is left."""
    for _ in range(20):
        place.time_passes()
        place.run("deliver", environ=mail(port))
        if not place.left():
            return
    raise AssertionError(f"{place.left()} messages are still not sent")


def kill_deliveries(new: New, times: int, chance: Random) -> str:
    """Kill deliveries in a moment of their sending."""
    return _broken_deliveries(new(), MESSAGES_A_KILL * times, times, chance, killed_in_a_sending)


def cut_connections(new: New, times: int, chance: Random) -> str:
    """Cut all connections to the database in a moment of a sending."""

    def cut(place: Place) -> None:
        place.cut_connections()

    return _without_database(new, times, chance, cut)


def restart_database(new: New, times: int, chance: Random) -> str:
    """End the server of the database in a moment of a sending, at once or in order, and start it."""

    def restart(place: Place) -> None:
        assert place.server is not None
        place.server.restart(chance.choice((signal.SIGQUIT, signal.SIGINT)))

    return _without_database(new, times, chance, restart)


def _without_database(new: New, times: int, chance: Random, fault: Callable[[Place], None]) -> str:
    place = new()

    def broken(full: Installation, server: MailServerProcess, chance: Random) -> bool:
        process = delivery_in_a_sending(full, server, chance)
        fault(place)
        came_in_time = full.left() > 0
        process.join(SECONDS_TO_NOTICE)
        # it goes on with a new connection where it held none just then
        process.kill()
        process.join()
        return came_in_time

    # the database takes a while to end, and so much more is sent
    return _broken_deliveries(place, 30 * times + 50, times, chance, broken, *SLOW)


def _broken_deliveries(
    place: Place,
    messages: int,
    times: int,
    chance: Random,
    broken: Callable[[Installation, MailServerProcess, Random], bool],
    *server_options: str,
) -> str:
    with MailServerProcess(place.folder / "received", *server_options) as server:
        full = Installation(place.folder, server.port, place.url or None)
        full.fill(messages)
        landed = 0
        while landed < times and full.left():
            landed += broken(full, server, chance)
        full.finish()
        assert landed == times, f"only {landed} came while it sent"
        assert full.sent() == messages, "the outbox does not say that all are sent"
        return f"{landed} in a sending, {none_lost(server.messages, messages, landed)}"


def pause_deliveries(new: New, times: int, chance: Random) -> str:
    """Stop deliveries past their lease, some at once, while another one sends, then let them go on."""
    place = new()
    messages = landed = 0
    with MailServerProcess(place.folder / "received") as server:
        full = Installation(place.folder, server.port, place.url or None)
        while landed < times:
            at_once = min(PAUSED_AT_ONCE, times - landed)
            full.fill(BATCH * at_once)
            messages += BATCH * at_once
            stopped: list[BaseProcess] = []
            others: list[BaseProcess] = []
            while len(stopped) < at_once and not others:
                process, is_stopped = _stopped_in_a_sending(full, server, chance)
                (stopped if is_stopped else others).append(process)
            try:
                time.sleep(LEASE_SECONDS + 0.1)
                others.append(full.delivery())
                # on SQLite it waits where one that is stopped is writing
                others[-1].join(SECONDS_OF_ANOTHER)
                before = _rows_that_ended(full)
            finally:
                for process in stopped:
                    os.kill(process.pid or 0, signal.SIGCONT)
            for process in (*stopped, *others):
                process.join()
            after = _rows_that_ended(full)
            changed = [id_ for id_, row in before.items() if after.get(id_) != row]
            assert not changed, f"written after the lease: {changed}"
            landed += len(stopped)
        full.finish()
        assert full.sent() == messages, "the outbox does not say that all are sent"
        return f"{landed} pauses, {none_lost(server.messages, messages, landed)}"


def _stopped_in_a_sending(
    full: Installation, server: MailServerProcess, chance: Random
) -> tuple[BaseProcess, bool]:
    """Begin a delivery and stop it a moment after its first message. It goes on where it does not come to
    that soon, as when another one was stopped while it writes, or where it has no claims left."""
    claimed, before = full.claimed(), server.log.stat().st_size
    process = full.delivery()
    until = time.monotonic() + SECONDS_OF_ANOTHER
    while server.log.stat().st_size == before:
        if not process.is_alive() or time.monotonic() > until:
            return process, False
        time.sleep(0.0005)
    time.sleep(chance.uniform(0, LONGEST_SENDING))
    os.kill(process.pid or 0, signal.SIGSTOP)
    if process.is_alive() and full.claimed() > claimed:
        return process, True
    os.kill(process.pid or 0, signal.SIGCONT)
    return process, False


def _rows_that_ended(full: Installation) -> dict[int, tuple[object, ...]]:
    columns = (Message.id, Message.state, Message.fence, Message.tries, Message.answer, Message.ended_at)
    with full.here.app_context():
        rows = db.session.execute(select(*columns).where(Message.state == SENT)).all()
        db.session.rollback()
    return {row.id: tuple(row) for row in rows}


def kill_workers(new: New, times: int, chance: Random) -> str:
    """Kill workers, their scheduler or queue included, while they send."""
    place = new()
    messages = MESSAGES_A_KILL * times
    place.fill(messages)
    with (
        MailServerProcess(place.folder / "received", *SLOW) as server,
        Warm(place, mail(server.port)) as warm,
    ):
        landed = 0
        while landed < times and place.left():
            worker = _warm_worker_in_a_sending(warm, server)
            time.sleep(chance.uniform(0, LONGEST_SENDING))
            worker.kill()
            worker.join()
            landed += place.left() > 0
            place.time_passes()
        assert landed == times, f"only {landed} came while it sent"
        last = _worker_in_a_sending(place, server)
        wait_for(lambda: not place.left(), "the worker left messages")
        last.terminate()
        code, _out, err = Place.ended(last)
        assert code == 0, f"the worker ended with {code}: {err}"
        return f"{landed} in a sending, {none_lost(server.messages, messages, landed)}"


def _warm_worker_in_a_sending(warm: Warm, server: MailServerProcess) -> BaseProcess:
    before = server.log.stat().st_size
    worker = warm.worker()
    wait_for(
        lambda: not worker.is_alive() or server.log.stat().st_size > before,
        f"the worker sent nothing within {PATIENCE} seconds",
        every=0.002,
    )
    assert worker.is_alive(), warm.said()
    return worker


def _worker_in_a_sending(place: Place, server: MailServerProcess) -> Program:
    before = server.log.stat().st_size
    worker = place.start("worker", environ=mail(server.port))
    wait_for(
        lambda: worker.poll() is not None or server.log.stat().st_size > before,
        f"the worker sent nothing within {PATIENCE} seconds",
    )
    assert worker.poll() is None, Place.ended(worker)
    return worker


def restart_under_worker(new: New, times: int, chance: Random) -> str:
    """Restart the database under `practice-audits worker`, which works on."""
    place = new()
    assert place.server is not None
    place.fill(1)
    with MailServerProcess(place.folder / "received") as server:
        worker = _worker_in_a_sending(place, server)
        for _ in range(times):
            wait_for(lambda: not place.left(), "the worker does not go on after a restart")
            place.server.restart(chance.choice((signal.SIGQUIT, signal.SIGINT)))
            place.fill(1)
        wait_for(lambda: not place.left(), "the worker does not go on after a restart")
        assert worker.poll() is None
        worker.terminate()
        assert Place.ended(worker)[0] == 0
        return none_lost(server.messages, times + 1, times)


def drop_answers(new: New, times: int, chance: Random) -> str:
    """Drop connections when a message was taken, before the answer."""
    return _through(new, times, chance, [("accepted", "drop")], repeats=True)


def stall(new: New, times: int, chance: Random) -> str:
    """Stop answering at any stage."""
    stages: list[Stage] = ["connect", "ehlo", "mail", "rcpt", "data", "end"]
    return _through(new, times, chance, [(stage, "hang") for stage in stages])


def refuse(new: New, times: int, chance: Random) -> str:
    """Refuse for now, or refuse the sender, at any stage."""
    orders: list[tuple[Stage, str]] = [
        ("connect", "554 5.7.1 Your address is blocked"),
        ("mail", "550 5.7.1 You may not send as this sender"),
        ("mail", "421 4.7.0 Too many messages on this connection"),
        ("rcpt", "450 4.2.1 Greylisted"),
        ("data", "451 4.3.0 Try again later"),
        ("end", "452 4.3.1 Insufficient storage"),
        ("end", "554 5.2.0 STOREDRV outbound spam"),
    ]
    return _through(new, times, chance, orders)


def _through(
    new: New, times: int, chance: Random, orders: list[tuple[Stage, str]], *, repeats: bool = False
) -> str:
    place = new()
    messages = 5 * times + 5
    place.fill(messages)
    with MailServer() as server:
        for _ in range(times):
            stage, answer = chance.choice(orders)
            once_each = stage in ("connect", "ehlo")
            server.answer(stage, answer, after=0 if once_each else chance.randrange(messages // 2), times=1)
        delivered(place, server.port)
        return none_lost(server.messages, messages, times if repeats else 0)


def keep_to_limits(new: New, times: int, _chance: Random) -> str:
    """Send more than a relay takes in a minute, on as many connections as it takes."""
    place = new()
    messages = 3 * times
    already = datetime.now(UTC) - MINUTE + timedelta(seconds=4)
    with place.opened():
        _sent_before(place, already)
    place.fill(messages)
    with MailServer(log=Path(place.folder / "received"), most_connections=CONNECTIONS) as server:
        limits = mail(server.port, MAIL_RATE_PER_MINUTE=str(RATE), MAIL_CONNECTIONS=str(CONNECTIONS))
        place.run("deliver", environ=limits)
        assert place.left() == 0
        assert server.turned_away == 0, "more connections than it takes"
        assert len(server.messages) == messages
        at = sorted([already.timestamp()] * (RATE - 1) + _moments(server))
    # of 31 in a row, the last comes a minute after the first; the server sees it a little later or earlier
    gaps = [last - first for first, last in zip(at, at[RATE:], strict=False)]
    assert min(gaps) > 59, f"{RATE + 1} messages within {min(gaps):.1f} seconds"
    assert all(one <= other for one, other in pairwise(at))
    return f"{messages} messages more than a minute takes, none refused"


def _moments(server: MailServer) -> list[float]:
    assert server.log is not None
    return [float(json.loads(line)["at"]) for line in server.log.read_text().splitlines()]


def _sent_before(place: Place, at: datetime) -> None:
    place.fill(RATE - 1)
    with place.opened(), transaction():
        db.session.execute(update(Message).values(state=SENT, ended_at=at))


def deliver_on_a_full_disk(new: New, times: int, chance: Random) -> str:
    """Deliver where the database cannot grow, then where it can."""
    messages = failed = 0
    with MailServerProcess(new().folder / "received") as server:
        for _ in range(times):
            place = new()
            number, letters, least, most = SMALL_DISK[place.kind]
            place.fill(number, letters)
            messages += number
            with no_file_longer_than(place, chance.randrange(least, most)) as most_bytes:
                limited = place.start("deliver", most_bytes=most_bytes, environ=mail(server.port))
                code, _out, err = place.ended(limited)
            assert code == 0 or "Traceback" not in err, err
            failed += code != 0
            delivered(place, server.port)
        assert failed, "no disk was full"
        return f"{failed} of {times} deliveries ended by it, {none_lost(server.messages, messages, times)}"


SENDING = (
    Scenario("kill-delivery", NONE_LOST, "a delivery is killed while it sends", kill_deliveries, 3, 1000),
    Scenario(
        "kill-worker",
        NONE_LOST,
        "the worker is killed, with its scheduler or queue, while it sends",
        kill_workers,
        3,
        1000,
    ),
    Scenario(
        "pause-delivery",
        "Nothing is written after a lease",
        "a delivery is paused past its lease",
        pause_deliveries,
        2,
        500,
    ),
    Scenario(
        "cut-connections",
        NONE_LOST,
        "the connections to the database are cut while it sends",
        cut_connections,
        3,
        300,
        (POSTGRESQL,),
    ),
    Scenario(
        "restart-database",
        NONE_LOST,
        "the database ends while it sends, and starts again",
        restart_database,
        2,
        20,
        (POSTGRESQL,),
    ),
    Scenario(
        "restart-under-worker",
        "The worker goes on by itself",
        "the database restarts under it",
        restart_under_worker,
        1,
        10,
        (POSTGRESQL,),
    ),
    Scenario("drop-answer", NONE_LOST, "the relay drops before its answer", drop_answers, 3, 30),
    Scenario("stall", "No message is lost or repeated", "the relay stalls", stall, 2, 20),
    Scenario("refuse", "No message is lost or repeated", "the relay refuses for a time", refuse, 3, 30),
    Scenario(
        "limits",
        "The relay never has to refuse",
        "it takes 30 a minute and 3 connections",
        keep_to_limits,
        2,
        20,
    ),
    Scenario(
        "full-disk-delivery",
        NONE_LOST,
        "the disk is full while it sends",
        deliver_on_a_full_disk,
        1,
        10,
    ),
)
