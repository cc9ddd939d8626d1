//! Byte pair encoding of one piece: the pair learned first is merged first, the leftmost of equals.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

const NONE: u32 = u32::MAX;

/// What is merged into what.
pub(super) struct Merges {
    /// Rank and result of each pair.
    pairs: FxHashMap<(u32, u32), (u32, u32)>,
    bytes: [u32; 256],
}

/// A token of a piece, linked with its neighbors.
#[derive(Clone, Copy)]
struct Symbol {
    token: u32,
    previous: u32,
    next: u32,
}

impl Merges {
    pub(super) fn new(pairs: FxHashMap<(u32, u32), (u32, u32)>, bytes: [u32; 256]) -> Self {
        Self { pairs, bytes }
    }

    pub(super) fn encode(&self, piece: &[u8], tokens: &mut Vec<u32>) {
        if let &[byte] = piece {
            return tokens.push(self.bytes[usize::from(byte)]);
        }
        let mut symbols: Vec<Symbol> = (0u32..)
            .zip(piece)
            .map(|(at, &byte)| Symbol {
                token: self.bytes[usize::from(byte)],
                previous: at.checked_sub(1).unwrap_or(NONE),
                next: if (at as usize) + 1 < piece.len() { at + 1 } else { NONE },
            })
            .collect();
        let mut waiting = BinaryHeap::with_capacity(piece.len());
        for left in 0..symbols.len() as u32 {
            self.offer(&symbols, left, &mut waiting);
        }
        while let Some(Reverse((rank, left))) = waiting.pop() {
            // Either side may have changed since the pair was found.
            let Some((current, merged)) = self.pair_at(&symbols, left) else { continue };
            if current != rank {
                continue;
            }
            let right = symbols[left as usize].next;
            let after = symbols[right as usize].next;
            symbols[left as usize].token = merged;
            symbols[left as usize].next = after;
            symbols[right as usize].token = NONE;
            if after != NONE {
                symbols[after as usize].previous = left;
            }
            let previous = symbols[left as usize].previous;
            if previous != NONE {
                self.offer(&symbols, previous, &mut waiting);
            }
            self.offer(&symbols, left, &mut waiting);
        }
        tokens.extend(symbols.iter().map(|symbol| symbol.token).filter(|token| *token != NONE));
    }

    fn offer(&self, symbols: &[Symbol], left: u32, waiting: &mut BinaryHeap<Reverse<(u32, u32)>>) {
        if let Some((rank, _)) = self.pair_at(symbols, left) {
            waiting.push(Reverse((rank, left)));
        }
    }

    fn pair_at(&self, symbols: &[Symbol], left: u32) -> Option<(u32, u32)> {
        let symbol = symbols.get(left as usize)?;
        let next = symbols.get(symbol.next as usize)?;
        self.pairs.get(&(symbol.token, next.token)).copied()
    }
}
