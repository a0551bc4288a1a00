//! Puts an XBZRLE implementation behind the adapter protocol, version 1: text lines on standard
//! input, one answer for each on standard output. `docs/adapter.md` is the contract.
//!
//! One file, no crates, Rust 1.63 or later. Copy it beside your program and hand it your codec:
//!
//! ```ignore
//! mod xbzrle_adapter;
//! use xbzrle_adapter::{Adapter, Encoded, Malformed};
//!
//! fn main() -> std::io::Result<()> {
//!     Adapter::new("mine", "1.0").encode(encode).decode(decode).run()
//! }
//! ```
//!
//! Leave out `encode` or `decode` and it is not offered. The codec may panic: the panic becomes an
//! `error` answer (not under `-C panic=abort`). It must not print to standard output.

// A program that leaves out an operation leaves part of this module unused.
#![allow(dead_code)]

use std::any::Any;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};

/// What became of a pair of pages.
#[derive(Debug)]
pub enum Encoded {
    /// The two pages are equal.
    Unchanged,
    /// The delta: 1 to `capacity` bytes.
    Delta(Vec<u8>),
    /// There is no delta that fits the capacity.
    Overflow,
}

/// The delta was refused, with a reason for people; it may be empty.
#[derive(Debug)]
pub struct Malformed(pub String);

type Encode = Box<dyn FnMut(&[u8], &[u8], usize) -> Encoded>;
type Decode = Box<dyn FnMut(&[u8], &[u8]) -> Result<Vec<u8>, Malformed>>;

/// An implementation and the operations that it offers.
pub struct Adapter {
    name: String,
    version: String,
    is_page_size: Box<dyn Fn(usize) -> bool>,
    encode: Option<Encode>,
    decode: Option<Decode>,
}

impl Adapter {
    /// An adapter that offers nothing yet.
    ///
    /// # Panics
    /// If `name` or `version` is not one token: one or more printable ASCII characters, no space.
    pub fn new(name: &str, version: &str) -> Adapter {
        assert!(is_token(name), "name {name:?} is not one token");
        assert!(is_token(version), "version {version:?} is not one token");
        Adapter {
            name: name.to_owned(),
            version: version.to_owned(),
            is_page_size: Box::new(|page_size| (1..=65536).contains(&page_size)),
            encode: None,
            decode: None,
        }
    }

    /// States the page sizes in bytes that the codec is made for: 1 to 65536 unless told. Other
    /// requests are answered `unsupported` and never reach the codec.
    pub fn page_sizes(mut self, is_page_size: impl Fn(usize) -> bool + 'static) -> Adapter {
        self.is_page_size = Box::new(is_page_size);
        self
    }

    /// Offers `encode(old_page, new_page, capacity)`; the pages have the same size, and `capacity`
    /// is the room for the delta in bytes.
    pub fn encode(
        mut self,
        encode: impl FnMut(&[u8], &[u8], usize) -> Encoded + 'static,
    ) -> Adapter {
        self.encode = Some(Box::new(encode));
        self
    }

    /// Offers `decode(old_page, delta)`, which gives the whole new page.
    pub fn decode(
        mut self,
        decode: impl FnMut(&[u8], &[u8]) -> Result<Vec<u8>, Malformed> + 'static,
    ) -> Adapter {
        self.decode = Some(Box::new(decode));
        self
    }

    /// Answers standard input on standard output until standard input ends.
    ///
    /// # Errors
    /// What the operating system says, except that a reader who has gone away is no error.
    pub fn run(&mut self) -> io::Result<()> {
        // As much as a pipe holds, so that a request of 4096-byte pages is one read.
        let mut requests = BufReader::with_capacity(65536, io::stdin().lock());
        let mut line = Vec::new();
        while 0 < requests.read_until(b'\n', &mut line)? {
            if let Some(answer) = self.answer(without_line_end(&line)) {
                match write_line(answer) {
                    Err(fault) if fault.kind() == ErrorKind::BrokenPipe => return Ok(()),
                    written => written?,
                }
            }
            line.clear();
        }
        Ok(())
    }

    /// Gives the answer to a line, or none if the line has no id that an answer could start with.
    fn answer(&mut self, line: &[u8]) -> Option<String> {
        let line = String::from_utf8_lossy(line);
        let fields: Vec<&str> = line.split(' ').collect();
        match fields.as_slice() {
            ["hello", "1"] => Some(self.hello()),
            ["hello", version] if is_number(version) => {
                Some(format!("hello unsupported version {version}, this is 1"))
            }
            [id, request @ ..] if is_id(id) => Some(match self.perform(request) {
                Ok(outcome) => format!("{id} {outcome}"),
                Err(NoOutcome(words)) => format!("{id} {words}"),
            }),
            _ => {
                // Standard error may be closed, and that is no reason to stop.
                let _ = writeln!(io::stderr(), "no request id: {}", one_line(&line));
                None
            }
        }
    }

    fn hello(&self) -> String {
        let mut hello = format!("hello 1 {} {}", self.name, self.version);
        if self.encode.is_some() {
            hello.push_str(" encode");
        }
        if self.decode.is_some() {
            hello.push_str(" decode");
        }
        hello
    }

    /// Carries out a request, given its fields after the id.
    fn perform(&mut self, request: &[&str]) -> Result<String, NoOutcome> {
        match request {
            ["encode", ..] if self.encode.is_none() => unsupported("operation encode"),
            ["decode", ..] if self.decode.is_none() => unsupported("operation decode"),
            ["encode", capacity, old_page, new_page] => {
                let capacity = read_number("capacity", capacity)?;
                let old_page = read_bytes("old page", old_page)?;
                let new_page = read_bytes("new page", new_page)?;
                self.perform_encode(&old_page, &new_page, capacity)
            }
            ["decode", old_page, delta] => {
                let old_page = read_bytes("old page", old_page)?;
                let delta = read_bytes("delta", delta)?;
                self.perform_decode(&old_page, &delta)
            }
            ["encode", fields @ ..] => error(&format!("{} fields for 3", fields.len())),
            ["decode", fields @ ..] => error(&format!("{} fields for 2", fields.len())),
            [] | ["", ..] => error("no operation"),
            [operation, ..] => unsupported(&format!("operation {operation}")),
        }
    }

    fn perform_encode(
        &mut self,
        old_page: &[u8],
        new_page: &[u8],
        capacity: usize,
    ) -> Result<String, NoOutcome> {
        let (old_size, new_size) = (old_page.len(), new_page.len());
        if old_size != new_size {
            return error(&format!("pages of {old_size} and {new_size} bytes"));
        }
        self.require_page_size(old_size)?;
        let encode = self.encode.as_mut().expect("perform has looked");
        match guarded(|| encode(old_page, new_page, capacity))? {
            Encoded::Unchanged => Ok("unchanged".to_owned()),
            Encoded::Overflow => Ok("overflow".to_owned()),
            Encoded::Delta(delta) if delta.is_empty() => error("a delta of 0 bytes"),
            Encoded::Delta(delta) if capacity < delta.len() => error(&format!(
                "a delta of {} bytes, the capacity is {capacity}",
                delta.len()
            )),
            Encoded::Delta(delta) => Ok(with_bytes("delta", &delta)),
        }
    }

    fn perform_decode(&mut self, old_page: &[u8], delta: &[u8]) -> Result<String, NoOutcome> {
        let page_size = old_page.len();
        self.require_page_size(page_size)?;
        let decode = self.decode.as_mut().expect("perform has looked");
        match guarded(|| decode(old_page, delta))? {
            Ok(new_page) if new_page.len() != page_size => error(&format!(
                "a new page of {} bytes, the old page has {page_size}",
                new_page.len()
            )),
            Ok(new_page) => Ok(with_bytes("page", &new_page)),
            Err(Malformed(reason)) => Ok(one_line(&format!("malformed {reason}"))),
        }
    }

    fn require_page_size(&self, page_size: usize) -> Result<(), NoOutcome> {
        if guarded(|| (self.is_page_size)(page_size))? {
            return Ok(());
        }
        unsupported(&format!("page size {page_size}"))
    }
}

/// What is answered in place of an outcome: `unsupported` or `error`, and the reason.
struct NoOutcome(String);

fn unsupported<T>(reason: &str) -> Result<T, NoOutcome> {
    Err(NoOutcome(one_line(&format!("unsupported {reason}"))))
}

fn error<T>(reason: &str) -> Result<T, NoOutcome> {
    Err(NoOutcome(one_line(&format!("error {reason}"))))
}

/// Calls into the codec. What a panic leaves half done is the codec's own: it answers from its
/// arguments alone (DELTA-11, DELTA-24), and the next requests show whether it does.
fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, NoOutcome> {
    catch_unwind(AssertUnwindSafe(call))
        .or_else(|payload| error(&format!("panicked: {}", panic_message(&*payload))))
}

fn panic_message(payload: &(dyn Any + Send)) -> &str {
    if let Some(message) = payload.downcast_ref::<&str>() {
        return message;
    }
    payload
        .downcast_ref::<String>()
        .map_or("no message", String::as_str)
}

fn read_number(name: &str, field: &str) -> Result<usize, NoOutcome> {
    // Rust alone would take a sign too.
    if !is_number(field) {
        return error(&format!("{name}: not a decimal number"));
    }
    field
        .parse()
        .or_else(|_| error(&format!("{name}: more than {}", usize::MAX)))
}

fn read_bytes(name: &str, field: &str) -> Result<Vec<u8>, NoOutcome> {
    if field == "-" {
        return Ok(Vec::new());
    }
    if field.is_empty() {
        return error(&format!("{name}: no digits, no bytes are written -"));
    }
    if field.len() % 2 == 1 {
        return error(&format!("{name}: {} digits, not two a byte", field.len()));
    }
    let value = |digit: u8| DIGIT_VALUES[usize::from(digit)];
    let mut bytes = Vec::with_capacity(field.len() / 2);
    let mut seen = 0;
    for pair in field.as_bytes().chunks_exact(2) {
        seen |= value(pair[0]) | value(pair[1]);
        bytes.push((value(pair[0]) << 4) | value(pair[1]));
    }
    if seen == NO_DIGIT {
        return error(&format!("{name}: not hexadecimal"));
    }
    Ok(bytes)
}

fn with_bytes(word: &str, bytes: &[u8]) -> String {
    let mut answer = String::with_capacity(word.len() + 1 + 2 * bytes.len());
    answer.push_str(word);
    answer.push(' ');
    for byte in bytes {
        answer.push(DIGITS[(byte >> 4) as usize] as char);
        answer.push(DIGITS[(byte & 0x0f) as usize] as char);
    }
    answer
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// More than the values of all digits together.
const NO_DIGIT: u8 = 0xff;

/// The value of each digit, either case. With branches in its place, whose way is as random as the
/// page, rustc 1.63 gives half the requests a second.
const DIGIT_VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        let digit = DIGITS[value as usize];
        values[digit as usize] = value;
        values[digit.to_ascii_uppercase() as usize] = value;
        value += 1;
    }
    values
};

/// Writes the answer and flushes it, as the harness waits for it. The lock is not kept: a codec
/// whose threads print is to fail as a protocol fault, and not as a deadlock.
fn write_line(mut answer: String) -> io::Result<()> {
    answer.push('\n');
    let mut answers = io::stdout().lock();
    answers.write_all(answer.as_bytes())?;
    answers.flush()
}

fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Makes a reason fit for an answer: one line, ASCII, and short where a panic prints two pages.
fn one_line(reason: &str) -> String {
    let characters = reason.trim_end().chars().take(REASON_CHARACTERS);
    let fit = characters.map(|character| match character {
        ' '..='~' => character,
        '\n' | '\r' | '\t' => ' ',
        _ => '?',
    });
    fit.collect()
}

const REASON_CHARACTERS: usize = 500;

fn is_id(field: &str) -> bool {
    let is_id_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'/' | b'-');
    (1..=64).contains(&field.len()) && field.bytes().all(is_id_byte)
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_number(field: &str) -> bool {
    !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit())
}
