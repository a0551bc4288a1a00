/**
 * A second look at failures: the first of each kind is asked again of a fresh adapter, and those of fuzzing are shrunk.
 */

import { AdapterStartError } from "./adapter/fault.ts";
import { Asker } from "./harness/asker.ts";
import { type CaseResult, isFailure } from "./harness/case.ts";
import type { RunOptions } from "./report/model.ts";
import type { Recorder } from "./report/recorder.ts";
import { FUZZ_SECTION, shrink } from "./suites/fuzz.ts";

/** How many failures are looked at again, and how many of fuzzing are shrunk. */
const MOST_SECOND_LOOKS = 8;
const MOST_SHRUNK = 3;

/** Who is asked, and how. */
export interface SecondLook {
  readonly command: readonly string[];
  readonly options: RunOptions;
  readonly signal?: AbortSignal | undefined;
  /** Told of each shrinking. */
  readonly step: (what: string) => void;
}

/** Improves the recorder's failures. If the adapter does not start any more, they stay as they are. */
export async function lookAgain(look: SecondLook, recorder: Recorder): Promise<void> {
  let shrinksLeft = MOST_SHRUNK;
  for (const result of firstOfEachKind(recorder, look.options).slice(0, MOST_SECOND_LOOKS)) {
    const asker = new Asker(look.command, look.options.timeoutMs, look.signal);
    try {
      const again = await asker.ask(result.case);
      if (look.signal?.aborted) return;
      const { id, section } = result.case;
      if (again.verdict === "pass") recorder.improve(id, { ...result, passesAlone: true });
      else if (section === FUZZ_SECTION && 0 < shrinksLeft) {
        shrinksLeft--;
        look.step(`shrinking ${id}`);
        recorder.improve(id, await shrink(result, look.options.level, (asked) => asker.ask(asked)));
      }
    } catch (error) {
      if (!(error instanceof AdapterStartError)) throw error;
      return;
    } finally {
      await asker.close();
    }
  }
}

/** The first failure by verdict and broken requirement, of vectors and of fuzzing; timeouts would take too long. */
function firstOfEachKind(recorder: Recorder, { level }: RunOptions): CaseResult[] {
  const firsts = new Map<string, CaseResult>();
  for (const { result, known } of recorder.failures()) {
    if (known !== undefined || !isFailure(result.verdict, level) || result.verdict === "timeout") continue;
    const isDrawn = result.case.section === FUZZ_SECTION;
    const kind = `${isDrawn} ${result.verdict} ${result.broken ?? ""}`;
    if (!firsts.has(kind)) firsts.set(kind, result);
  }
  return [...firsts.values()];
}
