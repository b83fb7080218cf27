//! What `docs/threats.md` says, a hostile device a row: strangers, viewers, editors, owners, removed members, whoever has the disk,
//! a mailbox, a peer that floods, stalls or lies.

mod band;
mod inside;
mod outside;
mod removed;
mod table;
