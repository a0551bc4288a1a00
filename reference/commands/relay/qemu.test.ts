/** Real QEMUs at both ends of a slow link: what happens when one of them, the relay or the link fails half way, without the relay and with it. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { packageFolder } from "../../../spec/package.ts";
import type { LinkEnd } from "../../../vectors/capture/link.ts";
import { INSTALL_COMMAND, QEMU } from "../../../vectors/capture/machine.ts";
import { Peers } from "../../../vectors/capture/peers.ts";
import { RelayProcess } from "./fakes/relay-process.ts";

const HELPER = join(packageFolder, "dist/reference/helper-cli.js");
const hasQemu = spawnSync(QEMU, ["--version"]).error === undefined;

/** Bytes a second: too few for the synthetic load without XBZRLE, and enough for it. */
const RATES = { slow: 20_000_000, fast: 100_000_000 } as const;
/** The pages of the guest that are not zero have 84 MB, which come first. */
const HALF_WAY = 40_000_000;

/** A guest that is on its way to the destination, and half of it is there. */
async function startHalfWay<Relay extends RelayProcess | undefined>(startRelay: (peers: Peers) => Promise<Relay>) {
  const peers = await startPeers();
  const relay = await startRelay(peers);
  await peers.source.execute("migrate", { uri: relay?.uri ?? peers.link.uri });
  await expectHalfWay(peers);
  return { peers, relay };
}

async function startPeers(sourceEnd?: LinkEnd): Promise<Peers> {
  const peers = await Peers.start(RATES.slow, sourceEnd);
  onTestFinished(() => peers.end());
  return peers;
}

async function expectHalfWay(peers: Peers): Promise<void> {
  const { status, "error-desc": reason } = await peers.until(() => HALF_WAY <= peers.link.byteCount);
  expect([status, reason]).toEqual(["active", undefined]);
}

/** The source, which knows nothing of XBZRLE, is told to start `migration-helper-xbzrle`. */
async function startHelper({ source, link }: Peers): Promise<{ readonly statisticsPath: string }> {
  const statisticsPath = join(source.folder, "relay.txt");
  const words = `--cache-size=32M --statistics=${statisticsPath} ${link.uri.slice("tcp:".length)}`;
  await source.execute("migrate", { uri: `exec:exec ${process.execPath} ${HELPER} ${words}` });
  return { statisticsPath };
}

async function withoutRelay(): Promise<undefined> {}

async function withRelay({ source, link }: Peers): Promise<RelayProcess> {
  const relay = await RelayProcess.start(source.folder, link.uri);
  onTestFinished(() => relay.kill());
  return relay;
}

async function expectSourceToRunOn(peers: Peers): Promise<void> {
  expect((await peers.until(() => false)).status).toBe("failed");
  expect(await peers.sourceRunsOn()).toBe(true);
}

async function expectDestinationToRefuse({ destination }: Peers): Promise<void> {
  expect((await destination.ended).message).toMatch(/ended with status 1: .*load of migration failed/);
}

describe.skipIf(!hasQemu).each([
  { way: "without a relay", startRelay: withoutRelay },
  { way: "through a relay", startRelay: withRelay },
])(`A guest of 1 GiB on its way $way (${INSTALL_COMMAND})`, ({ startRelay }) => {
  const start = () => startHalfWay<RelayProcess | undefined>(startRelay);

  test("runs on at its source if the destination is killed", async () => {
    const { peers, relay } = await start();
    await peers.destination.end();
    await expectSourceToRunOn(peers);
    await expectToFail(relay, /the receiver has ended the connection/);
  });

  test("is refused by the destination if the source is killed", async () => {
    const { peers, relay } = await start();
    await peers.source.end();
    await expectDestinationToRefuse(peers);
    await expectToFail(relay, /the sender's stream ends too early/);
  });

  test("runs on at its source, and is refused by the destination, if the link is cut", async () => {
    const { peers, relay } = await start();
    peers.link.cut();
    await expectSourceToRunOn(peers);
    await expectDestinationToRefuse(peers);
    await expectToFail(relay, /the receiver has ended the connection/);
  });

  test("waits while the link stalls, and arrives when it goes on", async () => {
    const { peers, relay } = await start();
    const resumed = peers.destination.nextEvent("RESUME");
    peers.link.stall();
    const { byteCount } = peers.link;
    await sleep(10_000);
    expect(await peers.sourceRunsOn()).toBe(true);
    expect((await peers.until(() => true)).status).toBe("active");
    expect(peers.link.byteCount).toBe(byteCount);
    peers.link.rate = RATES.fast;
    peers.link.resume();
    expect((await peers.until(() => false)).status).toBe("completed");
    await resumed;
    expect(await peers.faultsAtDestination()).toEqual([]);
    if (relay !== undefined) expect(await relay.ended).toMatchObject({ status: 0 });
  });
});

describe.skipIf(!hasQemu)(`A guest of 1 GiB on its way (${INSTALL_COMMAND})`, () => {
  test("runs on at its source, and is refused by the destination, if the relay is killed", async () => {
    const { peers, relay } = await startHalfWay(withRelay);
    relay.kill();
    await expectSourceToRunOn(peers);
    await expectDestinationToRefuse(peers);
  });

  test("runs on at its source, and is refused by the destination, if the helper that the source has started is killed", async () => {
    const peers = await startPeers({ port: 0 });
    await startHelper(peers);
    await expectHalfWay(peers);
    process.kill(peers.source.childId!, "SIGKILL");
    await expectSourceToRunOn(peers);
    await expectDestinationToRefuse(peers);
  });

  test("arrives if the source is told to start migration-helper-xbzrle", async () => {
    const peers = await startPeers({ port: 0 });
    const resumed = peers.destination.nextEvent("RESUME");
    const { statisticsPath } = await startHelper(peers);
    expect((await peers.until(() => false)).status).toBe("completed");
    await resumed;
    expect(await peers.faultsAtDestination()).toEqual([]);
    const text = readFileSync(statisticsPath, "utf8");
    expect(text).toMatch(/^Migration status: completed\n/);
    expect(text).toContain(`cache size: ${32 * 2 ** 20} bytes\n`);
    expect(Number(/^xbzrle pages: (\d+)/m.exec(text)![1])).toBeGreaterThan(0);
  });
});

/** The relay, if there is one, has ended with 1, and says why in one line behind that on where it listened. */
async function expectToFail(relay: RelayProcess | undefined, reason: RegExp): Promise<void> {
  if (relay === undefined) return;
  const { status, stderr } = await relay.ended;
  const [, line, rest] = stderr.split("\n");
  expect([line, rest]).toEqual([expect.stringMatching(reason), ""]);
  expect(status).toBe(1);
}
