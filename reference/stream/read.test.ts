/** What a reader refuses and tells that no receiver's vector shows. */

import { describe, expect, test } from "vitest";
import { fromHex } from "../bytes.ts";
import { MalformedStreamError } from "../errors.ts";
import { newRecord, type RamBlock, type RamRecord } from "../record/record.ts";
import { spell } from "./fakes/spell.ts";
import { StreamReader } from "./read.ts";
import type { Section, StreamVisitor } from "./stream.ts";
import { StreamWriter } from "./write.ts";

const RAM: Section = { name: "ram", id: 2, instance: 0, version: 4 };
const TIMER: Section = { name: "timer", id: 9, instance: 1, version: 2 };
const BLOCK: RamBlock = { name: "ram", usedLength: 65_536, pageSize: undefined, address: undefined };

/** Reads a stream; gives the reader, what it told of payloads and blocks, and the fault, if there is one. */
function read(stream: Uint8Array) {
  const payload: number[] = [];
  const blocks: RamBlock[] = [];
  const visitor: StreamVisitor = Object.assign(new StreamWriter(() => {}), {
    payload: (bytes: Uint8Array, start: number, end: number) => payload.push(...bytes.subarray(start, end)),
    record: ({ kind, block }: RamRecord) => (kind === "block" ? blocks.push(block) : 0),
  });
  const reader = new StreamReader(visitor);
  try {
    reader.push(stream);
    reader.end();
    return { reader, payload, blocks, error: undefined };
  } catch (error) {
    if (error instanceof MalformedStreamError) return { reader, payload, blocks, error };
    throw error;
  }
}

function writeDevice(writer: StreamWriter, payload: Uint8Array, section = TIMER): void {
  writer.section(section, "full");
  writer.payload(payload, 0, payload.length);
  writer.footer(section);
}

function writeText(writer: StreamWriter, text: string): void {
  writer.end();
  writer.description(text.length);
  writer.payload(Buffer.from(text), 0, text.length);
}

const describing = (...devices: readonly object[]) => JSON.stringify({ page_size: 4096, devices });
const timerOf = (size: number) => ({
  name: "timer",
  instance_id: 1,
  fields: [{ name: "a", size: 1, array_len: size }],
});

describe("a payload of unknown form", () => {
  test("ends at the footer that its description says, and is given byte for byte (STREAM-28, STREAM-29)", () => {
    const subsections = [{ vmsd_name: "timer/x", fields: [{ size: 2 }] }];
    const device = { ...timerOf(4), subsections };
    const payload = Uint8Array.from({ length: 4 + 6 + 7 + 2 }, (_, index) => index);
    const {
      reader,
      payload: told,
      error,
    } = read(
      spell((writer) => {
        writeDevice(writer, payload);
        writeText(writer, describing(device));
      }),
    );
    expect(error).toBeUndefined();
    expect(reader.isVerified).toBe(true);
    expect(told.slice(0, payload.length)).toEqual([...payload]);
  });

  test("does not end at bytes that only look like its footer", () => {
    const looks = [
      "7e00000009",
      "7e0000000904",
      "7e000000090000",
      "7e00000009020000000b",
      "7e0000000908000c0000",
      "7e00000008",
    ];
    for (const look of looks) {
      const payload = fromHex(`01${look}02`);
      const { payload: told, error } = read(
        spell((writer) => {
          writeDevice(writer, payload);
          writer.end();
        }),
      );
      expect([look, error?.message, told]).toEqual([look, undefined, [...payload]]);
    }
  });

  test("that holds a whole end is found out by what follows it", () => {
    const forged = fromHex("7e000000090006000000027b7d");
    const { error } = read(spell((writer) => writeDevice(writer, forged)));
    expect(error?.fault).toBe("bytes-after-end");
  });

  test("that holds a footer, and the beginning of the section that comes next, is found out by the description (STREAM-30)", () => {
    const forged = fromHex("7e00000009040000000a01610000000000000001");
    const device = { ...TIMER, id: 10 };
    const { error } = read(
      spell((writer) => {
        writeDevice(writer, forged);
        writeDevice(writer, Uint8Array.of(1), device);
        writeText(writer, describing(timerOf(forged.length), timerOf(1)));
      }),
    );
    expect(error?.fault).toBe("description-mismatch");
  });

  test.each([
    ["another size", describing(timerOf(4)), /found "timer" 1 of 3 bytes, described is "timer" 1 of 4 bytes/],
    ["another instance", describing({ ...timerOf(3), instance_id: 0 }), /described is "timer" 0 of 3/],
    ["one more", describing(timerOf(3), timerOf(3)), /found no further section, described is "timer"/],
    ["none", describing(), /described is no further section/],
  ])("is refused if the description has %s", (_, text, message) => {
    const { error } = read(
      spell((writer) => {
        writeDevice(writer, Uint8Array.of(1, 2, 3));
        writeText(writer, text);
      }),
    );
    expect(error?.fault).toBe("description-mismatch");
    expect(error?.message).toMatch(message);
  });
});

describe("a package", () => {
  const listen = (writer: StreamWriter) => writer.command(4, new Uint8Array(0), 0, 0);
  const packageOf = (writer: StreamWriter, byteCount: number) =>
    writer.command(7, Uint8Array.of(0, 0, 0, byteCount), 0, 4);

  test("holds items that are told as those around it", () => {
    const { error, payload } = read(
      spell((writer) => {
        packageOf(writer, 5 + 19 + 2 + 5 + 5);
        listen(writer);
        writeDevice(writer, Uint8Array.of(7, 8));
        writer.command(5, new Uint8Array(0), 0, 0);
        writer.end();
      }),
    );
    expect([error?.message, payload]).toEqual([undefined, [7, 8]]);
  });

  test.each([[4], [6]])("of %d bytes with an item of five is refused (STREAM-21)", (byteCount) => {
    const { error } = read(
      spell((writer) => {
        packageOf(writer, byteCount);
        listen(writer);
        writer.end();
      }),
    );
    expect(error?.fault).toBe(byteCount === 4 ? "package-overrun" : "item-unknown");
  });

  test("in a package is refused", () => {
    expect(read(spell((writer) => [20, 10].map((size) => packageOf(writer, size)))).error?.fault).toBe(
      "package-overrun",
    );
  });
});

describe("a list of memory sizes", () => {
  const writeList = (writer: StreamWriter, blocks: readonly RamBlock[]) => {
    writer.section(RAM, "start");
    const sum = blocks.reduce((sum, { usedLength }) => sum + usedLength, 0);
    writer.record({ ...newRecord(), kind: "memory-sizes", address: sum });
    for (const block of blocks) writer.record({ ...newRecord(), kind: "block", block });
    writer.record(newRecord());
    writer.footer(RAM);
    writer.end();
  };

  test("has page sizes where they stand, and addresses where the configuration says so", () => {
    const huge = { ...BLOCK, name: "huge", pageSize: 2 ** 30 };
    expect(read(spell((writer) => writeList(writer, [huge, BLOCK]))).blocks).toEqual([huge, BLOCK]);
    const shared = [
      { ...BLOCK, address: 0 },
      { ...BLOCK, name: "rom", address: 0xfffc_0000 },
    ];
    const content = fromHex(`00000001${"0f"}${Buffer.from("x-ignore-shared").toString("hex")}`);
    const { blocks, error } = read(
      spell((writer) => {
        writer.subsection({ name: "configuration/capabilities", version: 1, content });
        writeList(writer, shared);
      }),
    );
    expect([error?.message, blocks]).toEqual([undefined, shared]);
  });

  test("of more than 65,536 blocks is refused", () => {
    const many = Array.from({ length: 65_537 }, (_, index) => ({ ...BLOCK, name: `${index}`, usedLength: 4096 }));
    expect(read(spell((writer) => writeList(writer, many))).error?.fault).toBe("blocks-too-many");
  });
});

test("a section whose name has no bytes is refused", () => {
  expect(read(fromHex("5145564d00000003070000000001000000020000000000000000007e")).error?.fault).toBe(
    "section-unknown",
  );
});

describe("limits", () => {
  test("more than 65,536 sections are refused", () => {
    const { error } = read(
      spell((writer) => {
        for (let id = 0; id <= 65_536; id++) writeDevice(writer, new Uint8Array(0), { ...TIMER, id });
        writer.end();
      }),
    );
    expect(error?.fault).toBe("sections-too-many");
  });

  test.each([
    ["machine-name-too-long", "5145564d0000000307ffffffff"],
    ["description-too-long", "5145564d000000030700000000000601000001"],
    ["bytes-after-end", "5145564d00000003070000000000060000000000"],
    ["bytes-after-end", "5145564d000000030700000000002a"],
  ])("%s: a length or a rest that no sound stream has is refused before it comes", (fault, stream) => {
    expect(read(fromHex(stream)).error?.fault).toBe(fault);
  });
});

test("a message says fault, place, section, block, page, what was found, and the requirement", () => {
  const bytes = Buffer.concat([
    spell((writer) => {
      writer.section(RAM, "start");
      writer.record({ ...newRecord(), kind: "memory-sizes", address: 65_536 });
      writer.record({ ...newRecord(), kind: "block", block: { ...BLOCK, name: "r\x1b[m" } });
    }),
    fromHex("000000000000104005721b5b6d0002"),
  ]);
  bytes.set(fromHex("0472"), bytes.length - 7);
  const { error } = read(Buffer.concat([bytes.subarray(0, bytes.length - 7), fromHex("04721b5b6d020000")]));
  expect(error?.message).toBe(
    'encoding-unknown at stream byte 68 (section "ram" 2, block "r\\x1b[m", page 4096): 2, and 1 is what there is (RECORD-20)',
  );
});
