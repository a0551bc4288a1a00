//! An adapter in full: the codec of `codec.rs` behind the protocol of `xbzrle_adapter.rs`.
//!
//!     rustc --edition 2021 -O -o my_adapter example.rs
//!
//! For your own implementation, replace `codec` and the calls of it in the two functions below.

mod codec;
mod xbzrle_adapter;

use xbzrle_adapter::{Adapter, Encoded, Malformed};

fn main() -> std::io::Result<()> {
    Adapter::new("rust-example", "0.1")
        .page_sizes(|page_size| codec::PAGE_SIZES.contains(&page_size))
        .encode(encode)
        .decode(decode)
        .run()
}

fn encode(old_page: &[u8], new_page: &[u8], capacity: usize) -> Encoded {
    match codec::encode(old_page, new_page, capacity) {
        codec::Outcome::Unchanged => Encoded::Unchanged,
        codec::Outcome::Delta(delta) => Encoded::Delta(delta),
        codec::Outcome::Overflow => Encoded::Overflow,
    }
}

fn decode(old_page: &[u8], delta: &[u8]) -> Result<Vec<u8>, Malformed> {
    codec::decode(old_page, delta).map_err(|refusal| Malformed(refusal.to_string()))
}
