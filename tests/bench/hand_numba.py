"""One fused pass in numba over the columns of hand_numpy.load; compiled at import, so that no timing contains the compiler."""

from __future__ import annotations

import numba as nb
import numpy as np

from tests.bench import hand_numpy as hn
from tests.bench.common import (
    AS_OF,
    AZURE,
    AZURE_EXCL,
    CH_OK,
    CHANNELS,
    CLAUSES,
    L15,
    L60,
    LANG_OK,
    LANGS,
    LB,
    LC,
    LRES,
    PRODUCTS,
    REGION_OK,
    REGIONS,
    SLOT,
    T0,
)

CUM, OPN, DAY, COV, D0 = hn.CUM, hn.OPN, hn.DAY, hn.COV, hn.D0
load, codes = hn.load, hn.codes
AZ, EX = np.isin(PRODUCTS, AZURE), np.isin(PRODUCTS, AZURE_EXCL)
CH, LG, RG = np.isin(CHANNELS, CH_OK), np.isin(LANGS, LANG_OK), np.isin(REGIONS, REGION_OK)
COLUMNS = ("event", "at", "severity", "product", "channel", "language", "region", "agreement", "automated")
AT_AS_OF = AS_OF - T0


@nb.njit(inline="always")
def biz(t, CUM, OPN):
    """Business seconds up to t."""
    i = t // SLOT
    return CUM[i] + OPN[i] * (t - i * SLOT)


@nb.njit(
    "void(i8[::1],u1[::1],i4[::1],u1[::1],u1[::1],u1[::1],u1[::1],u1[::1],i4[::1],b1[::1],b1[:,::1],"
    "i4[::1],i4[::1],i4[::1],b1[::1],b1[::1],b1[::1],b1[::1],b1[::1],b1[::1],u1[:,::1])",
    cache=True,
    parallel=True,
)
def kernel(
    starts,
    ev,
    at,
    sevc,
    prod,
    chan,
    lang,
    reg,
    agr,
    auto,
    active,
    CUM,
    OPN,
    DAY,
    COV,
    AZ,
    EX,
    CH,
    LG,
    RG,
    out,
):
    """Ticket by ticket, in parallel."""
    for i in nb.prange(len(starts) - 1):
        a, b = starts[i], starts[i + 1]
        t0, sev0, sev = at[a], sevc[a], sevc[a]
        human = first = done = pause = -1
        for r in range(a + 1, b):
            k = ev[r]
            if k == 2:
                if first < 0:
                    first = 1 if auto[r] else 0
                if human < 0 and not auto[r]:
                    human = at[r]
            elif k == 1:
                if human < 0 or at[r] <= human:
                    sev = sevc[r]
            elif k == 5 and done < 0:
                done = at[r]
        last = (done if done >= 0 else AT_AS_OF) - 1
        b0, stopped = biz(t0, CUM, OPN), 0
        for r in range(a + 1, b):
            if at[r] > last:
                break
            if ev[r] == 3:
                if pause < 0:
                    pause = at[r]
            elif ev[r] == 4 and pause >= 0:
                stopped += biz(at[r], CUM, OPN) - biz(pause, CUM, OPN)
                pause = -1
        work = biz(last if pause < 0 else pause, CUM, OPN) - b0 - stopped
        answer = (human if human >= 0 else AT_AS_OF) - 1
        wall, business = answer - t0, biz(answer, CUM, OPN) - b0
        p, slot = prod[a], t0 // SLOT
        ent = active[agr[a], DAY[slot] - D0]
        good = 0 if human >= 0 else 5
        for k in range(11):
            out[k, i] = 2 if k in (0, 1, 2, 3, 5) else 0 if ent else 4
        if sev == 0 and AZ[p]:
            out[0, i] = 3 if EX[p] else 4 if not ent else good if wall < L15 else 1
        if sev == 1 or (sev == 0 and (EX[p] or not AZ[p])):
            out[1, i] = 4 if not ent else good if wall < L60 else 1
        if sev == 2:
            out[2, i] = 4 if not ent else good if business < LB else 1
        if sev == 3:
            out[3, i] = 4 if not ent else good if business < LC else 1
        if sev0 <= 1:
            out[5, i] = 4 if not ent else 0 if CH[chan[a]] else 1
        if sev0 == 0:
            out[10, i] = 3
        if ent:
            out[4, i] = 5 if first < 0 else first
            out[6, i] = 0 if LG[lang[a]] else 1
            out[7, i] = 0 if RG[reg[a]] else 1
            out[9, i] = 1 if work >= LRES else 0 if done >= 0 else 5
            if sev0 != 0:
                out[10, i] = 0 if COV[slot] else 1


def run(data: hn.Loaded) -> dict[str, np.ndarray]:
    """Every verdict."""
    c, active, _ = data
    opened = np.flatnonzero(c["event"] == 0)
    out = np.empty((len(CLAUSES), len(opened)), np.uint8)
    starts = np.append(opened, len(c["event"]))
    kernel(starts, *(c[k] for k in COLUMNS), active, CUM, OPN, DAY, COV, AZ, EX, CH, LG, RG, out)
    return dict(zip(CLAUSES, out, strict=True))
