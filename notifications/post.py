"""From the outbox to the letter box: claim, write, freeze, send, say what came of it.

    deliver --- claims a batch, writes and freezes it, and puts it on the table
       lanes -- each takes a mail from the table, sends it, and waits for its outcome
                to be committed before it takes the next
     settler -- commits all outcomes that wait, in one transaction
     renewer -- keeps the claims in hand from lapsing

So at most one message per lane can be in doubt when the process dies. Everything that
touches the database or writes a mail runs in threads: the event loop stays free.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from logging import getLogger
from typing import Final

from notifications.deliver import (
    DeliveryFailure,
    Lane,
    PermanentFailure,
    RelayFailure,
    Sender,
    UnclearFailure,
)
from notifications.pace import LoopWatch, Pace, Watch
from notifications.writing import Batch, Mail, Writer, write_some, writer
from workflow.core.errors import Locked, StoreError, WorkflowError
from workflow.service.mail import letters
from workflow.service.mail.letters import Attempt, Outcome
from workflow.service.world import World
from workflow.store.claims import Claimed

__all__ = ["Pace", "Writer", "deliver", "never", "writer"]

logger = getLogger(__name__)

SLICE: Final = 10
"""How many mails are written at a time, before it is asked whether to stop."""
RENEW_S: Final = 20.0
"""How often claims are renewed."""
TRUST_S: Final = 40.0
"""A claim that was not renewed for so long is asked about before its mail is sent."""
RETRIES_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 15.0)
"""How long an outcome waits for a database that is busy or away: it is all that keeps a
mail that has left from leaving again."""

Done = dict[str, int]


def never() -> bool:
    """Stop never."""
    return False


async def deliver(
    world: World,
    write: Writer,
    sender: Sender,
    *,
    stop: Callable[[], bool] = never,
    pace: Pace | None = None,
    watch: Watch | None = None,
) -> Done:
    """Send every mail that is due: {sent, withdrawn, failed, waiting}.

    No transaction is open while a mail is written or sent; what is sent was frozen and
    committed before. One message that cannot be written, or is refused, stops no other.
    When the relay itself cannot be used nothing is counted against the messages.

    When `stop` answers True nothing more is claimed, what is under way is finished, and
    what was claimed and not begun is given back. `pace` says how fast mails leave.

    Raises: Locked, StoreError when the database stays away; by then every lane has ended.
    """
    run = _Run(world, write, sender, stop, pace or Pace(0), watch or LoopWatch())
    await run.go()
    return run.done


@dataclass(slots=True)
class _Run:
    """One delivery, from the first claim to the last outcome."""

    world: World
    write: Writer
    sender: Sender
    stop: Callable[[], bool]
    pace: Pace
    watch: Watch
    done: Done = field(
        default_factory=lambda: {"sent": 0, "withdrawn": 0, "failed": 0, "waiting": 0}
    )
    held: dict[int, Claimed] = field(default_factory=dict)
    """Claims in hand, by message."""
    under_way: set[int] = field(default_factory=set)
    """Of these, what a lane has begun to send and whose outcome is not committed."""
    renewed_at: float = 0.0
    table: deque[Mail] = field(default_factory=deque)
    """What is frozen and no lane has taken."""
    complete: bool = False
    """Nothing more comes to the table."""
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    """Something came to the table or went from it, or the end came."""
    lanes: list[asyncio.Task[None]] = field(default_factory=list)
    fallen: int = 0
    """How many lanes have ended because the relay cannot be used."""
    broken: Exception | None = None
    """What the database, or a bug, stopped it with."""
    outcomes: list[tuple[Attempt, asyncio.Future[None]]] = field(default_factory=list)
    settling: asyncio.Event = field(default_factory=asyncio.Event)

    async def go(self) -> None:
        """Do all of it."""
        helpers = [
            asyncio.create_task(self._settle_outcomes()),
            asyncio.create_task(self._keep_claims()),
        ]
        try:
            await self._fill_table()
            if self.lanes:
                await asyncio.wait(self.lanes)
        finally:  # cancelled from outside, lanes are cut; otherwise they have ended
            tasks = [*self.lanes, *helpers]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._let_go()
        if self.broken is not None:
            raise self.broken

    def _stops(self) -> bool:
        down = self.fallen > 0 and self.fallen == len(self.lanes)
        return down or self.broken is not None or self.stop()

    def _break(self, error: Exception) -> None:
        self.broken = self.broken or error

    # ---- claiming, writing, freezing -----------------------------------------------------

    async def _fill_table(self) -> None:
        try:
            while await self._claim_batch():
                pass
        except Exception as error:  # noqa: BLE001 - raised when the lanes have ended
            self._break(error)
        async with self.changed:
            self.complete = True
            self.changed.notify_all()

    async def _claim_batch(self) -> bool:
        """Claim, write and freeze a batch and put it on the table; False at the end."""
        most = self.pace.batch(letters.BATCH)
        async with self.changed:
            await self.changed.wait_for(lambda: len(self.table) < most or self._stops())
        if self._stops():
            return False
        before = self.watch.time()
        claimed = await asyncio.to_thread(letters.claim, self.world, most)
        if not claimed:
            return False
        self.renewed_at = self.renewed_at if self.held else before
        self.held |= {one.id: one for one in claimed}
        batch = Batch()
        for start in range(0, len(claimed), SLICE):
            if not self._stops():
                part = claimed[start : start + SLICE]
                await asyncio.to_thread(write_some, self.world, self.write, part, batch)
        await self._freeze(batch)
        return True

    async def _freeze(self, batch: Batch) -> None:
        """Commit what was written; only then may any of it leave."""
        frozen = await asyncio.to_thread(
            letters.freeze,
            self.world,
            batch.finished,
            withdrawn=batch.withdrawn,
            failed=batch.failed,
            outdated=batch.outdated,
        )
        ours = {one.id for one in frozen}
        put_aside = [*batch.withdrawn, *(one for one, _ in batch.failed), *batch.outdated]
        lost = [mail.claimed for mail in batch.finished if mail.claimed.id not in ours]
        self._forget([*put_aside, *lost])
        self.done["withdrawn"] += len(batch.withdrawn)
        self.done["failed"] += len(batch.failed)
        async with self.changed:
            self.table.extend(mail for mail in batch.finished if mail.claimed.id in ours)
            while len(self.lanes) < min(self.sender.lanes, len(self.table)):
                self.lanes.append(asyncio.create_task(self._lane()))
            self.changed.notify_all()

    # ---- claims in hand --------------------------------------------------------------------

    def _forget(self, claims: Iterable[Claimed]) -> None:
        for one in claims:
            self.held.pop(one.id, None)

    async def _keep_claims(self) -> None:
        while True:
            await self.watch.sleep(RENEW_S)
            try:
                await self._renew()
            except WorkflowError as error:  # a lane asks again before it sends
                logger.warning(
                    "claims not renewed", extra={"event": "mail_claims", "reason": error.en}
                )

    async def _renew(self) -> None:
        held, before = list(self.held.values()), self.watch.time()
        if held:
            kept = {one.id for one in await asyncio.to_thread(letters.renew, self.world, held)}
            self._forget(one for one in held if one.id not in kept)
        self.renewed_at = before

    async def _let_go(self) -> None:
        """Give back what was claimed and not begun; what may have left keeps its claim."""
        untouched = [one for one in self.held.values() if one.id not in self.under_way]
        if self.fallen and self.fallen == len(self.lanes):
            self.done["waiting"] += len(untouched)
        try:
            await asyncio.to_thread(letters.give_back, self.world, untouched)
        except WorkflowError as error:  # then the leases lapse
            logger.warning(
                "claims not given back", extra={"event": "mail_claims", "reason": error.en}
            )

    # ---- sending ---------------------------------------------------------------------------

    async def _lane(self) -> None:
        try:
            async with self.sender.lane() as lane:
                while mail := await self._next():
                    if not await self._send(lane, mail):
                        break
        except Exception as error:  # noqa: BLE001 - raised when all lanes have ended
            self._break(error)
        finally:
            async with self.changed:
                self.changed.notify_all()

    async def _next(self) -> Mail | None:
        """Take a mail from the table that is still ours, when it may leave; None at the end."""
        while True:
            async with self.changed:
                await self.changed.wait_for(lambda: self.table or self.complete or self._stops())
                if self._stops() or not self.table:
                    return None
                mail = self.table.popleft()
                self.changed.notify_all()
            if not await self.pace.turn(self.watch, self._stops):
                return None
            if self.watch.time() - self.renewed_at > TRUST_S:
                await self._renew()
            if mail.claimed.id in self.held:
                return mail

    async def _send(self, lane: Lane, mail: Mail) -> bool:
        """Send a mail and see its outcome committed; False when the lane has fallen."""
        claimed = mail.claimed
        self.under_way.add(claimed.id)
        try:
            attempt = await _attempt(lane, mail)
        except RelayFailure as error:
            await self._fall(claimed, error)
            return False
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.outcomes.append((attempt, settled))
        self.settling.set()
        await settled
        return True

    async def _fall(self, claimed: Claimed, error: RelayFailure) -> None:
        self.fallen += 1
        logger.warning("relay fails", extra={"event": "mail_relay", "reason": error.text})
        await asyncio.to_thread(
            letters.relay_failed,
            self.world,
            [claimed],
            error.text,
            lasting=error.lasting,
            down=self.fallen == len(self.lanes),
        )
        self._forget([claimed])
        self.done["waiting"] += 1

    # ---- outcomes --------------------------------------------------------------------------

    async def _settle_outcomes(self) -> None:
        while True:
            await self.settling.wait()
            self.settling.clear()
            waiting, self.outcomes = self.outcomes, []
            try:
                states = await self._commit([attempt for attempt, _ in waiting])
            except Exception as error:  # noqa: BLE001 - raised in the lanes
                for _, settled in waiting:
                    if not settled.done():
                        settled.set_exception(error)
                continue
            for (attempt, settled), state in zip(waiting, states, strict=True):
                self._count(attempt, state)
                if not settled.done():
                    settled.set_result(None)

    async def _commit(self, attempts: list[Attempt]) -> list[str | None]:
        for pause in RETRIES_S:
            try:
                return await asyncio.to_thread(letters.settle, self.world, attempts)
            except (Locked, StoreError) as error:
                logger.warning(
                    "outcome waits", extra={"event": "mail_settling", "reason": error.en}
                )
                await self.watch.sleep(pause)
        return await asyncio.to_thread(letters.settle, self.world, attempts)

    def _count(self, attempt: Attempt, state: str | None) -> None:
        self._forget([attempt.claimed])
        self.under_way.discard(attempt.claimed.id)
        if state is None:
            logger.warning(
                "claim was lost", extra={"event": "mail_lost", "mail": attempt.claimed.message_id}
            )
            return
        self.done["waiting" if state == "queued" else state] += 1


async def _attempt(lane: Lane, mail: Mail) -> Attempt:
    """Send a mail, and say what came of it.

    Raises: RelayFailure.
    """
    name = mail.claimed.message_id
    try:
        answer = await lane.send(name, mail.to, mail.body)
        outcome = Outcome.SENT
    except RelayFailure:
        raise
    except PermanentFailure as error:
        outcome, answer = Outcome.REFUSED, error.text
    except UnclearFailure as error:
        outcome, answer = Outcome.UNCLEAR, error.text
    except DeliveryFailure as error:
        outcome, answer = Outcome.WAITS, error.text
    except Exception as error:  # one message stops no other
        logger.exception("sender broke", extra={"event": "mail_sender_broke", "mail": name})
        outcome, answer = Outcome.UNCLEAR, f"{type(error).__name__}: {error}"
    if outcome is not Outcome.SENT:
        told = {"event": f"mail_{outcome.value}", "mail": name, "reason": answer}
        logger.warning("mail not sent", extra=told)
    return Attempt(claimed=mail.claimed, outcome=outcome, answer=answer)
