//! Objects that live, and how they end: the budget of memory counts also those that only name each other, and long
//! chains of objects are taken apart without recursion.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use crate::object::Object;
use crate::value::Value;

/// A list shorter than this is not worth cleaning.
const LEAST_CLEANED: usize = 1024;

thread_local! {
    static LIVING: RefCell<Vec<Weak<dyn Object>>> = const { RefCell::new(Vec::new()) };
    /// Length of the list at which it is cleaned of what has ended.
    static CLEAN_AT: Cell<usize> = const { Cell::new(LEAST_CLEANED) };
    /// Values that wait for their end while another one ends.
    static ENDING: RefCell<Option<Vec<Value>>> = const { RefCell::new(None) };
}

/// Notes a new object.
pub(crate) fn register(object: &Rc<dyn Object>) {
    LIVING.with_borrow_mut(|living| {
        if living.len() >= CLEAN_AT.get() {
            living.retain(|object| object.strong_count() > 0);
            CLEAN_AT.set((living.len() * 2).max(LEAST_CLEANED));
        }
        living.push(Rc::downgrade(object));
    });
}

/// Objects of this thread that have not ended.
pub(crate) fn living() -> Vec<Value> {
    LIVING.with_borrow(|living| living.iter().filter_map(Weak::upgrade).map(Value::Object).collect())
}

/// Ends values. Those within them wait in a list, so that no depth of nesting takes the stack.
pub(crate) fn end(values: impl IntoIterator<Item = Value>) {
    let mut objects =
        values.into_iter().filter(|value| matches!(value, Value::Object(_) | Value::Reference(_)));
    let Some(first) = objects.next() else { return };
    let rest = std::iter::once(first).chain(objects);
    // Without the list, while the thread ends, values end the plain way.
    let is_waiting = ENDING.try_with(|ending| match ending.try_borrow_mut() {
        Ok(mut ending) => match ending.as_mut() {
            Some(list) => {
                list.extend(rest);
                true
            }
            None => {
                *ending = Some(rest.collect());
                false
            }
        },
        Err(_) => true,
    });
    if is_waiting != Ok(false) {
        return;
    }
    while let Some(value) = ENDING.with_borrow_mut(|ending| ending.as_mut().and_then(Vec::pop)) {
        drop(value);
    }
    ENDING.set(None);
}
