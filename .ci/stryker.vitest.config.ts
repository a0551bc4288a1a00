import { mergeConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import base from "./vitest.config.ts";

/** Properties last, because most mutants are killed by an example, which is quicker. */
class ExamplesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isProperty = ({ moduleId }: TestSpecification) => Number(moduleId.includes(".property."));
    return files.toSorted((left, right) => isProperty(left) - isProperty(right));
  }
}

export default mergeConfig(base, {
  test: {
    sequence: { sequencer: ExamplesFirst },
    setupFiles: [new URL("stryker.setup.ts", import.meta.url).pathname],
  },
});
