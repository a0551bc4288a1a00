//! XBZRLE in safe Rust: a canonical encoder and a decoder, for pages of 1 to 65,536 bytes.
//! The chapter is `docs/xbzrle/delta.md`; the requirement stands above the line that meets it.

#![forbid(unsafe_code)]

use std::fmt;
use std::ops::RangeInclusive;

/// The page sizes in bytes that this codec is made for.
pub const PAGE_SIZES: RangeInclusive<usize> = 1..=65536;

/// The three outcomes of the encoder.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The two pages are equal.
    Unchanged,
    /// The canonical delta: 1 to `capacity` bytes.
    Delta(Vec<u8>),
    /// There is no canonical delta, or it is longer than the capacity.
    Overflow,
}

/// A refusal: the fault, by its name in the chapter, and where in the delta it is.
#[derive(Debug, PartialEq, Eq)]
pub struct MalformedDelta {
    pub fault: &'static str,
    pub delta_offset: usize,
}

impl fmt::Display for MalformedDelta {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{} at {}", self.fault, self.delta_offset)
    }
}

/// Turns an old page, a new page and a capacity in bytes into an outcome.
///
/// # Panics
/// If the pages differ in size, or the size is none of `PAGE_SIZES`.
// DELTA-24: there is nothing here that outlives a call.
pub fn encode(old_page: &[u8], new_page: &[u8], capacity: usize) -> Outcome {
    assert_eq!(old_page.len(), new_page.len(), "pages of different sizes");
    assert!(PAGE_SIZES.contains(&old_page.len()), "page size");
    let page_size = old_page.len();
    let mut delta = Vec::new();
    let mut page_offset = 0;
    loop {
        let zrun = unchanged_count(&old_page[page_offset..], &new_page[page_offset..]);
        let nzrun_offset = page_offset + zrun;
        // There is no zrun after the last nzrun.
        if nzrun_offset == page_size {
            break;
        }
        // DELTA-25: an nzrun ends where the first unchanged byte stands.
        let nzrun = changed_count(&old_page[nzrun_offset..], &new_page[nzrun_offset..]);
        page_offset = nzrun_offset + nzrun;

        // DELTA-31: a bridge would not be canonical.
        if GREATEST_LENGTH < zrun {
            return Outcome::Overflow;
        }
        // DELTA-30
        if GREATEST_LENGTH < nzrun {
            return Outcome::Overflow;
        }
        // DELTA-26, DELTA-29, and DELTA-27, DELTA-28: it asks for N bytes, not for N + 2.
        if capacity - delta.len() < length_size(zrun) + length_size(nzrun) + nzrun {
            return Outcome::Overflow;
        }
        // DELTA-22, DELTA-23
        write_length(&mut delta, zrun);
        write_length(&mut delta, nzrun);
        delta.extend_from_slice(&new_page[nzrun_offset..page_offset]);
    }
    // DELTA-20, DELTA-21: every changed byte is in an nzrun. At a capacity of 0 or 1 too.
    if delta.is_empty() {
        return Outcome::Unchanged;
    }
    Outcome::Delta(delta)
}

/// Turns an old page and a delta into the new page, or refuses the delta.
///
/// # Panics
/// If the size of the old page is none of `PAGE_SIZES`.
// DELTA-8: what the eight checks let pass is accepted. DELTA-11: nothing outlives a call.
pub fn decode(old_page: &[u8], delta: &[u8]) -> Result<Vec<u8>, MalformedDelta> {
    assert!(PAGE_SIZES.contains(&old_page.len()), "page size");
    let page_size = old_page.len();
    // DELTA-5, DELTA-7: what no nzrun covers stays as it is here.
    let mut new_page = old_page.to_vec();
    let mut page_offset = 0;
    let mut delta_offset = 0;
    // DELTA-10: an empty delta is accepted.
    while delta_offset < delta.len() {
        let zrun_offset = delta_offset;
        let (zrun, zrun_size) = read_length(delta, zrun_offset)?;
        delta_offset += zrun_size;
        // DELTA-9, DELTA-14
        require(zrun_offset == 0 || 0 < zrun, "zrun-empty", zrun_offset)?;
        let page_left = page_size - page_offset;
        // DELTA-15
        require(zrun <= page_left, "zrun-past-page", zrun_offset)?;
        page_offset += zrun;
        let delta_left = delta.len() - delta_offset;
        // DELTA-16
        require(0 < delta_left, "zrun-unpaired", delta_offset)?;

        let nzrun_offset = delta_offset;
        let (nzrun, nzrun_size) = read_length(delta, nzrun_offset)?;
        delta_offset += nzrun_size;
        // DELTA-17
        require(0 < nzrun, "nzrun-empty", nzrun_offset)?;
        let page_left = page_size - page_offset;
        // DELTA-18
        require(nzrun <= page_left, "nzrun-past-page", nzrun_offset)?;
        let delta_left = delta.len() - delta_offset;
        // DELTA-19
        require(nzrun <= delta_left, "nzrun-truncated", delta_offset)?;
        let literals = &delta[delta_offset..delta_offset + nzrun];
        // DELTA-6
        new_page[page_offset..page_offset + nzrun].copy_from_slice(literals);
        page_offset += nzrun;
        delta_offset += nzrun;
    }
    Ok(new_page)
}

/// What fourteen bits hold.
const GREATEST_LENGTH: usize = 16383;

/// The number of unchanged bytes that two pages, or what is left of them, begin with.
fn unchanged_count(old: &[u8], new: &[u8]) -> usize {
    let bytes = old.iter().zip(new);
    bytes.take_while(|(old, new)| old == new).count()
}

/// The number of changed bytes that two pages, or what is left of them, begin with.
fn changed_count(old: &[u8], new: &[u8]) -> usize {
    let bytes = old.iter().zip(new);
    bytes.take_while(|(old, new)| old != new).count()
}

fn length_size(length: usize) -> usize {
    if length < 128 {
        return 1;
    }
    2
}

fn write_length(delta: &mut Vec<u8>, length: usize) {
    // DELTA-4
    if length < 128 {
        delta.push(length as u8);
        return;
    }
    delta.push((0x80 | (length % 128)) as u8);
    delta.push((length / 128) as u8);
}

/// Gives the length at an offset that is in the delta, and the number of bytes that say it.
fn read_length(delta: &[u8], delta_offset: usize) -> Result<(usize, usize), MalformedDelta> {
    let first = usize::from(delta[delta_offset]);
    // DELTA-1
    if first < 0x80 {
        return Ok((first, 1));
    }
    let delta_left = delta.len() - delta_offset - 1;
    // DELTA-12
    require(0 < delta_left, "length-truncated", delta_offset)?;
    let second = usize::from(delta[delta_offset + 1]);
    // DELTA-13
    require(second < 0x80, "length-too-long", delta_offset)?;
    // DELTA-2, DELTA-3: a longer form is accepted.
    Ok(((first & 0x7f) + 128 * second, 2))
}

/// The only way to refuse a delta.
fn require(holds: bool, fault: &'static str, delta_offset: usize) -> Result<(), MalformedDelta> {
    if holds {
        return Ok(());
    }
    Err(MalformedDelta {
        fault,
        delta_offset,
    })
}
