# Copyright the authors of XBZRLE. SPDX-License-Identifier: Apache-2.0
meta:
  id: xbzrle
  title: QEMU migration stream with XBZRLE pages
  application: QEMU
  license: Apache-2.0
  ks-version: "0.11"
  endian: be
doc: |
  A migration stream, version 3: header, configuration, the section `ram` with its records, the sections of devices, the
  description. The types `delta` and `record` are the other two chapters. docs/xbzrle says what all of it means; each
  `-xbzrle-ref` names requirements of it, those that the field checks among them.

  What this does not check stands in `-xbzrle-unchecked`. Names are not looked up (a block, a section other than `ram`, the
  machine type), so an address is not held against the used length of its block. A zlib stream is given as it is, and there are no threads. The items of
  a package are items of the stream, and where it ends is not looked at. The description is text. Sections are not counted.

  The page size is 4096 unless the configuration states another one.

  The state of a device has no length. It ends at the first footer behind which an item can begin, as STREAM-28 says. Whether that
  was right only the description tells, and it is not asked (STREAM-30).

  A program that is made of this keeps the whole stream in memory, and follows CONTINUE by recursion: it is for streams of megabytes.
doc-ref: docs/xbzrle/README.md
-xbzrle-unchecked:
  - COMP-4
  - COMP-5
  - COMP-14
  - COMP-15
  - COMP-17
  - RECORD-5
  - RECORD-11
  - RECORD-12
  - RECORD-26
  - RECORD-27
  - STREAM-4
  - STREAM-11
  - STREAM-21
  - STREAM-30
  - STREAM-31
seq:
  - id: magic
    contents: QEVM
    -xbzrle-ref: STREAM-1
  - id: version
    type: u4
    valid: 3
    -xbzrle-ref: STREAM-2
  - id: configuration
    type: configuration
    -xbzrle-ref: STREAM-3
  - id: items
    type: item(_index)
    repeat: until
    repeat-until: _.tag == item_tag::end
    -xbzrle-ref: [STREAM-18, STREAM-23]
  - id: description
    type: description
    if: not _io.eof
    -xbzrle-ref: STREAM-24
  - id: rest
    size-eos: true
    valid:
      expr: _.length == 0
    -xbzrle-ref: STREAM-26
instances:
  page_size:
    value: "configuration.has_subsections ? configuration.subsections.last.page_size : 4096"
    doc: In bytes.
    -xbzrle-ref: STREAM-6
  states_addresses:
    value: configuration.has_subsections and configuration.subsections.last.states_addresses
    doc: Whether a list of memory sizes has the address of each block.
    -xbzrle-ref: STREAM-7
enums:
  item_tag:
    0x00: end
    0x01: start
    0x02: part
    0x03: last
    0x04: full
    0x08: command
  command_number:
    1: open_return_path
    2: ping
    3: postcopy_advise
    4: postcopy_listen
    5: postcopy_run
    6: postcopy_ram_discard
    7: package
    8: enable_colo
    9: postcopy_resume
    10: receive_bitmap
    11: switchover_start
  record_kind:
    0x002: zero
    0x004: memory_sizes
    0x008: page
    0x010: end_of_section
    0x040: xbzrle
    0x100: compressed
    0x200: multifd_flush
types:
  name:
    seq:
      - id: size
        type: u1
      - id: text
        type: str
        size: size
        encoding: ISO-8859-1
  configuration:
    seq:
      - id: tag
        contents: [0x07]
        -xbzrle-ref: STREAM-3
      - id: machine_size
        type: u4
        valid:
          max: 255
        -xbzrle-ref: STREAM-9
      - id: machine
        type: str
        size: machine_size
        encoding: ISO-8859-1
        -xbzrle-ref: STREAM-4
      - id: subsections
        type: subsection(_index)
        repeat: until
        repeat-until: not _.is_followed
        if: has_subsections
    instances:
      next_tag:
        pos: 13 + machine_size
        type: u1
        doc: The byte behind the name of the machine type, which begins at stream byte 13.
      has_subsections:
        value: next_tag == 5
  subsection:
    params:
      - id: index
        type: u4
    seq:
      - id: tag
        contents: [0x05]
      - id: name
        type: name
        valid:
          expr: _.text == "configuration/target-page-bits" or _.text == "configuration/capabilities" or _.text == "configuration/uuid"
        -xbzrle-ref: STREAM-5
      - id: version
        type: u4
        valid: 1
        -xbzrle-ref: STREAM-5
      - id: content
        type:
          switch-on: name.text
          cases:
            '"configuration/target-page-bits"': target_page_bits
            '"configuration/capabilities"': capabilities
            '"configuration/uuid"': uuid
    instances:
      next_tag:
        pos: _io.pos
        type: u1
        doc: The byte behind the subsection; it is looked at when that has been read.
      is_followed:
        value: next_tag == 5
      page_size:
        value: >-
          (name.text == "configuration/target-page-bits" ? 1 << content.as<target_page_bits>.bits
          : index == 0 ? 4096 : _parent.subsections[index - 1].page_size).as<u4>
        -xbzrle-ref: STREAM-6
      states_addresses:
        value: >-
          (name.text == "configuration/capabilities" ? content.as<capabilities>.states_addresses
          : index == 0 ? false : _parent.subsections[index - 1].states_addresses).as<bool>
        -xbzrle-ref: STREAM-7
  target_page_bits:
    seq:
      - id: bits
        type: u4
        valid:
          min: 10
          max: 16
        -xbzrle-ref: STREAM-6
  capabilities:
    seq:
      - id: count
        type: u4
        valid:
          max: 1
        -xbzrle-ref: STREAM-7
      - id: names
        type: name
        valid:
          expr: _.text == "x-ignore-shared"
        repeat: expr
        repeat-expr: count
        -xbzrle-ref: STREAM-7
    instances:
      states_addresses:
        value: count == 1
  uuid:
    seq:
      - id: octets
        size: 16
    -xbzrle-ref: STREAM-8
  item:
    doc: The instances say what holds behind the item, for those that follow.
    params:
      - id: index
        type: u4
    seq:
      - id: tag
        type: u1
        enum: item_tag
        valid:
          in-enum: true
        -xbzrle-ref: STREAM-10
      - id: body
        type:
          switch-on: tag
          cases:
            item_tag::start: section_start(index)
            item_tag::full: section_start(index)
            item_tag::part: section_part(index)
            item_tag::last: section_part(index)
            item_tag::command: command
    instances:
      starts_ram:
        value: tag == item_tag::start and body.as<section_start>.is_ram
      has_records:
        value: >-
          ((tag == item_tag::part or tag == item_tag::last) and body.as<section_part>.is_ram)
          or ((tag == item_tag::start or tag == item_tag::full) and body.as<section_start>.is_ram)
      has_ram:
        value: "(starts_ram or (index == 0 ? false : _root.items[index - 1].has_ram)).as<bool>"
      ram_id:
        value: "(starts_ram ? body.as<section_start>.section_id : index == 0 ? 0 : _root.items[index - 1].ram_id).as<u4>"
        doc: The id of the section `ram`, if `has_ram`.
        -xbzrle-ref: STREAM-13
      records:
        value: >-
          (tag == item_tag::part or tag == item_tag::last) ? body.as<section_part>.payload.as<ram_payload>.records
          : body.as<section_start>.payload.as<ram_payload>.records
        if: has_records
      block_name:
        value: "(has_records ? records.last.block_name : index == 0 ? '' : _root.items[index - 1].block_name).as<str>"
        doc: What CONTINUE stands for; empty if there was no block.
        -xbzrle-ref: RECORD-9
      is_postcopy:
        value: >-
          ((tag == item_tag::command and body.as<command>.number == command_number::postcopy_listen)
          or (index == 0 ? false : _root.items[index - 1].is_postcopy)).as<bool>
        -xbzrle-ref: STREAM-22
  section_start:
    params:
      - id: item_index
        type: u4
    seq:
      - id: section_id
        type: u4
        -xbzrle-ref: STREAM-13
      - id: name
        type: name
        valid:
          expr: _.size != 0
        -xbzrle-ref: STREAM-11
      - id: instance_id
        type: u4
      - id: version
        type: u4
        valid:
          expr: not is_ram or _ == 4
        -xbzrle-ref: STREAM-12
      - id: payload
        type:
          switch-on: is_ram
          cases:
            true: ram_payload(item_index)
            false: device_payload(item_index, section_id)
        -xbzrle-ref: STREAM-15
      - id: footer
        type: footer(section_id)
        -xbzrle-ref: STREAM-16
    instances:
      is_ram:
        value: name.text == "ram"
  section_part:
    params:
      - id: item_index
        type: u4
    seq:
      - id: section_id
        type: u4
      - id: sections
        type: section_search(section_id, item_index)
        if: not is_ram
        valid:
          expr: _.is_started
        -xbzrle-ref: STREAM-14
      - id: payload
        type:
          switch-on: is_ram
          cases:
            true: ram_payload(item_index)
            false: device_payload(item_index, section_id)
        -xbzrle-ref: STREAM-15
      - id: footer
        type: footer(section_id)
        -xbzrle-ref: STREAM-16
    instances:
      is_ram:
        value: item_index != 0 and _root.items[item_index - 1].has_ram and section_id == _root.items[item_index - 1].ram_id
  section_search:
    doc: Looks for a section among the first items; takes no bytes.
    params:
      - id: section_id
        type: u4
      - id: item_count
        type: u4
    seq:
      - id: steps
        type: section_search_step(_index, section_id)
        repeat: expr
        repeat-expr: item_count
    instances:
      is_started:
        value: item_count != 0 and steps.last.is_started
        -xbzrle-ref: STREAM-14
      is_announced:
        value: item_count != 0 and steps.last.is_announced
        -xbzrle-ref: STREAM-28
  section_search_step:
    doc: An item, and whether it or one before it gives the id.
    params:
      - id: index
        type: u4
      - id: section_id
        type: u4
    instances:
      tag:
        value: _root.items[index].tag
      is_announced_here:
        value: (tag == item_tag::start or tag == item_tag::full) and _root.items[index].body.as<section_start>.section_id == section_id
      is_started:
        value: "((tag == item_tag::start and is_announced_here) or (index == 0 ? false : _parent.steps[index - 1].is_started)).as<bool>"
      is_announced:
        value: "(is_announced_here or (index == 0 ? false : _parent.steps[index - 1].is_announced)).as<bool>"
  footer:
    params:
      - id: expected_id
        type: u4
    seq:
      - id: tag
        contents: [0x7e]
        -xbzrle-ref: STREAM-16
      - id: section_id
        type: u4
        valid: expected_id
        -xbzrle-ref: STREAM-17
  ram_payload:
    params:
      - id: item_index
        type: u4
    seq:
      - id: records
        type: record(_index)
        repeat: until
        repeat-until: _.kind == record_kind::end_of_section
        -xbzrle-ref: [RECORD-6, RECORD-29]
    instances:
      block_name_before:
        value: "item_index == 0 ? '' : _root.items[item_index - 1].block_name"
      is_postcopy:
        value: "item_index == 0 ? false : _root.items[item_index - 1].is_postcopy"
  record:
    params:
      - id: index
        type: u4
    seq:
      - id: word
        type: u8
        valid:
          expr: _ < 0x20000000000000 and is_known and (not is_continued or not has_page or block_name_before != "")
        -xbzrle-ref: [RECORD-1, RECORD-2, RECORD-3, RECORD-7, RECORD-10]
      - id: name
        type: name
        if: has_page and not is_continued
        valid:
          expr: _.size != 0
        -xbzrle-ref: RECORD-8
      - id: body
        type:
          switch-on: kind
          cases:
            record_kind::zero: zero
            record_kind::page: page
            record_kind::xbzrle: delta_record
            record_kind::compressed: compressed
            record_kind::memory_sizes: memory_sizes(address)
    instances:
      flags:
        value: (word & (_root.page_size - 1)).as<u4>
        -xbzrle-ref: RECORD-1
      address:
        value: (word - flags).as<u8>
        doc: Of the page in its block, in bytes; of memory sizes, the sum.
        -xbzrle-ref: RECORD-1
      is_continued:
        value: (flags & 0x020) != 0
        -xbzrle-ref: RECORD-9
      kind:
        value: flags & 0xffdf
        enum: record_kind
        -xbzrle-ref: RECORD-2
      has_page:
        value: >-
          kind == record_kind::zero or kind == record_kind::page
          or kind == record_kind::xbzrle or kind == record_kind::compressed
      is_known:
        value: has_page or kind == record_kind::memory_sizes or kind == record_kind::end_of_section or kind == record_kind::multifd_flush
        doc: A hook (RECORD-3) is not among them, because pages travel in the stream only.
        -xbzrle-ref: [RECORD-2, RECORD-3, RECORD-4, RECORD-31]
      block_name_before:
        value: "index == 0 ? _parent.block_name_before : _parent.records[index - 1].block_name"
        -xbzrle-ref: RECORD-9
      block_name:
        value: "(has_page and not is_continued ? name.text : block_name_before).as<str>"
        doc: The block of the page; of a record without a page, that of the record of a page before it.
        -xbzrle-ref: [RECORD-8, RECORD-9]
  zero:
    seq:
      - id: fill
        type: u1
        -xbzrle-ref: [RECORD-15, RECORD-16]
  page:
    seq:
      - id: octets
        size: _root.page_size
        -xbzrle-ref: RECORD-18
  delta_record:
    seq:
      - id: encoding
        type: u1
        valid:
          expr: _ == 1 and not _parent._parent.is_postcopy
        -xbzrle-ref: [RECORD-20, STREAM-22]
      - id: size
        type: u2
        valid:
          max: _root.page_size
        -xbzrle-ref: RECORD-21
      - id: delta
        type: delta(_root.page_size)
        size: size
        -xbzrle-ref: [RECORD-19, RECORD-22]
  compressed:
    seq:
      - id: size
        type: u4
        valid:
          min: 1
          max: _root.page_size + _root.page_size / 4096 + _root.page_size / 16384 + 13
        -xbzrle-ref: [COMP-2, COMP-3]
      - id: zlib
        size: size
        -xbzrle-ref: [COMP-1, COMP-4, COMP-5, COMP-6, COMP-7]
  memory_sizes:
    params:
      - id: sum
        type: u8
    seq:
      - id: blocks
        type: listed_block(_index)
        repeat: until
        repeat-until: _.left == 0
        if: sum != 0
        -xbzrle-ref: RECORD-24
  listed_block:
    params:
      - id: index
        type: u4
    seq:
      - id: name
        type: name
        valid:
          expr: _.size != 0 and index < 65536
        -xbzrle-ref: [RECORD-26, RECORD-32]
      - id: used_length
        type: u8
        valid:
          expr: _ != 0 and _ <= left_before and _ % _root.page_size == 0
        -xbzrle-ref: [RECORD-25, RECORD-28]
      - id: page_size
        type: u8
        if: not _root.states_addresses and next_word >= 1024 and next_word < 0x20000000000000 and next_word % 1024 == 0
      - id: address
        type: u8
        if: _root.states_addresses
        valid:
          expr: _ < 0x20000000000000
        -xbzrle-ref: RECORD-7
    instances:
      left_before:
        value: "index == 0 ? _parent.sum : _parent.blocks[index - 1].left"
        doc: What is left of the sum before the block.
        -xbzrle-ref: RECORD-25
      left:
        value: (left_before - used_length).as<u8>
        -xbzrle-ref: RECORD-24
      next_word:
        pos: _io.pos
        type: u8
        doc: The eight bytes behind the used length; they are looked at when that has been read.
  command:
    seq:
      - id: number
        type: u2
        enum: command_number
        valid:
          in-enum: true
        -xbzrle-ref: STREAM-19
      - id: size
        type: u2
        valid:
          expr: "number == command_number::ping or number == command_number::package ? _ == 4
            : number == command_number::postcopy_advise ? _ == 0 or _ == 16
            : number == command_number::postcopy_ram_discard or number == command_number::receive_bitmap or _ == 0"
        -xbzrle-ref: STREAM-20
      - id: octets
        size: size
        doc: Of a package, the number of octets of the items that follow, as four bytes.
        -xbzrle-ref: [STREAM-20, STREAM-21]
  description:
    seq:
      - id: tag
        contents: [0x06]
        -xbzrle-ref: STREAM-26
      - id: size
        type: u4
        valid:
          max: 16777216
        -xbzrle-ref: STREAM-27
      - id: text
        type: str
        size: size
        encoding: UTF-8
        -xbzrle-ref: [STREAM-25, STREAM-30]
  device_payload:
    doc: The pieces, one after the other and each with 7e behind it but for the last, are the payload.
    params:
      - id: item_index
        type: u4
      - id: section_id
        type: u4
    seq:
      - id: pieces
        type: device_piece(item_index, section_id)
        repeat: until
        repeat-until: _.is_last
        -xbzrle-ref: [STREAM-28, STREAM-29]
  device_piece:
    params:
      - id: item_index
        type: u4
      - id: section_id
        type: u4
    seq:
      - id: octets
        terminator: 0x7e
        consume: false
      - id: no_footer
        contents: [0x7e]
        if: not is_last
    instances:
      ahead:
        pos: _io.pos
        type: footer_ahead(_io.size - _io.pos, item_index, section_id)
        doc: What stands behind the octets; it is looked at when they have been read.
      is_last:
        value: ahead.is_footer
        -xbzrle-ref: STREAM-28
  footer_ahead:
    doc: What may be a footer with the begin of an item behind it. `left` is the number of bytes up to the end of the stream.
    params:
      - id: left
        type: u8
      - id: item_index
        type: u4
      - id: expected_id
        type: u4
    seq:
      - id: tag
        size: 1
      - id: section_id
        type: u4
        if: left >= 5
      - id: item
        type: u1
        if: left >= 6
      - id: id
        type: u4
        if: left >= 10 and item != 0 and item != 8
      - id: sections
        type: section_search(id, item_index)
        if: left >= 10 and section_id == expected_id and item >= 1 and item <= 4
      - id: name
        type: printable_name(left - 10)
        if: left >= 11 and (item == 1 or item == 4)
      - id: command_number
        type: u2
        if: left >= 10 and item == 8
      - id: command_size
        type: u2
        if: left >= 10 and item == 8
      - id: description_tag
        type: u1
        if: left >= 7 and item == 0
      - id: description_size
        type: u4
        if: left >= 11 and item == 0
      - id: description_begin
        type: u1
        if: left >= 12 and item == 0
    instances:
      is_footer:
        value: left >= 6 and section_id == expected_id and (is_start or is_part or is_command or is_end)
        -xbzrle-ref: STREAM-28
      is_start:
        value: left >= 11 and (item == 1 or item == 4) and name.is_printable and id != expected_id and not sections.is_announced
      is_part:
        value: left >= 10 and (item == 2 or item == 3) and (id == expected_id or sections.is_announced)
      is_command:
        value: >-
          left >= 10 and item == 8 and command_number >= 1 and command_number <= 11
          and (command_number == 2 or command_number == 7 ? command_size == 4
          : command_number == 3 ? command_size == 0 or command_size == 16
          : command_number == 6 or command_number == 10 or command_size == 0)
      is_end:
        value: >-
          item == 0 and (left == 6
          or (left >= 11 and description_tag == 6 and (description_size == 0 or (left >= 12 and description_begin == 0x7b))))
  printable_name:
    doc: A name of 1 to 255 bytes that are all 21 to 7e, an instance, and a version of less than 65,536; or bytes that are not.
    params:
      - id: left
        type: u8
    seq:
      - id: size
        type: u1
      - id: octets
        type: name_octet(_index)
        repeat: expr
        repeat-expr: size
        if: is_whole
      - id: instance_id
        type: u4
        if: is_whole
      - id: version
        type: u4
        if: is_whole
    instances:
      is_whole:
        value: size != 0 and left >= 9 + size
      is_printable:
        value: is_whole and octets.last.is_printable and version < 65536
  name_octet:
    params:
      - id: index
        type: u4
    seq:
      - id: octet
        type: u1
    instances:
      is_printable:
        value: "(octet >= 0x21 and octet <= 0x7e and (index == 0 ? true : _parent.octets[index - 1].is_printable)).as<bool>"
  delta:
    doc: docs/xbzrle/delta.md
    params:
      - id: page_size
        type: u4
    seq:
      - id: pairs
        type: pair(_index)
        repeat: eos
        -xbzrle-ref: [DELTA-7, DELTA-8, DELTA-10, DELTA-11]
  pair:
    params:
      - id: index
        type: u4
    seq:
      - id: zrun
        type: length
        valid:
          expr: (_.value != 0 or index == 0) and _.value <= _parent.page_size - page_offset
        -xbzrle-ref: [DELTA-5, DELTA-9, DELTA-14, DELTA-15]
      - id: nzrun
        type: length
        valid:
          expr: _.value != 0 and _.value <= _parent.page_size - page_offset - zrun.value
        -xbzrle-ref: [DELTA-16, DELTA-17, DELTA-18]
      - id: literals
        size: nzrun.value
        -xbzrle-ref: [DELTA-6, DELTA-19]
    instances:
      page_offset:
        value: "index == 0 ? 0 : _parent.pairs[index - 1].end_offset"
        doc: Where the zrun begins in the page, in bytes.
      end_offset:
        value: (page_offset + zrun.value + nzrun.value).as<u4>
        doc: Where the nzrun ends in the page, in bytes.
  length:
    seq:
      - id: first
        type: u1
        -xbzrle-ref: DELTA-1
      - id: second
        type: u1
        if: first >= 0x80
        valid:
          max: 0x7f
        -xbzrle-ref: [DELTA-2, DELTA-3, DELTA-12, DELTA-13]
    instances:
      value:
        value: "first < 0x80 ? first : (first & 0x7f) + 128 * second"
        -xbzrle-ref: [DELTA-1, DELTA-2]
