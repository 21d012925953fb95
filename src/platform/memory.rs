//! What a room remembers between two requests to be quick: copies of what the database holds, nothing else.
//!
//! Each value is known by its type; a room that keeps the type to itself keeps the memory to itself.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The memories of all rooms.
#[derive(Default)]
pub struct Memory(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memory")
    }
}

impl Memory {
    /// The memory of this type, empty the first time.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut memories = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = memories
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(T::default()));
        Arc::clone(found).downcast().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[derive(Default)]
    struct Ours(AtomicU32);
    #[derive(Default)]
    struct Theirs(AtomicU32);

    #[test]
    fn each_room_finds_its_own_memory_again() {
        let memory = Memory::default();
        memory.of::<Ours>().0.store(3, Ordering::Relaxed);
        assert_eq!(memory.of::<Ours>().0.load(Ordering::Relaxed), 3);
        assert_eq!(memory.of::<Theirs>().0.load(Ordering::Relaxed), 0);
    }
}
