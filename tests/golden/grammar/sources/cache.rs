//! A cache that forgets what was used least recently.
use std::collections::HashMap;
use std::fmt::{self, Display};
use std::hash::Hash;

/// What can go wrong: nothing's free.
#[derive(Debug, Clone, PartialEq)]
pub enum CacheError {
    Full { capacity: usize },
    Missing(String),
    Closed,
}

impl Display for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CacheError::Full { capacity } => write!(f, "full: {} entries", capacity),
            CacheError::Missing(key) if key.is_empty() => f.write_str("no key"),
            CacheError::Missing(key) => write!(f, "missing {key:?}"),
            CacheError::Closed => f.write_str("closed"),
        }
    }
}

pub trait Weigh {
    const UNIT: usize = 1;
    fn weight(&self) -> usize {
        Self::UNIT
    }
}

impl Weigh for String {}

pub struct Cache<K, V: Weigh> {
    entries: HashMap<K, (V, u64)>,
    capacity: usize,
    clock: u64,
}

impl<K, V> Cache<K, V>
where
    K: Eq + Hash + Clone,
    V: Weigh,
{
    pub fn new(capacity: usize) -> Self {
        Cache { entries: HashMap::with_capacity(capacity), capacity, clock: 0 }
    }

    pub fn get(&mut self, key: &K) -> Option<&V> {
        self.clock += 1;
        let clock = self.clock;
        self.entries.get_mut(key).map(|(value, used)| {
            *used = clock;
            &*value
        })
    }

    pub fn put(&mut self, key: K, value: V) -> Result<(), CacheError> {
        if value.weight() > self.capacity {
            return Err(CacheError::Full { capacity: self.capacity });
        }
        while self.total() + value.weight() > self.capacity {
            let oldest = self.entries.iter().min_by_key(|(_, (_, used))| *used);
            if let Some((key, _)) = oldest {
                let key = key.clone();
                self.entries.remove(&key);
            } else {
                break;
            }
        }
        self.clock += 1;
        self.entries.insert(key, (value, self.clock));
        Ok(())
    }

    fn total(&self) -> usize {
        self.entries.values().map(|(value, _)| value.weight()).sum()
    }
}

pub fn longest<'a>(words: &[&'a str], default: &'a str) -> &'a str {
    let mut best = default;
    for (i, word) in words.iter().enumerate() {
        if word.len() > best.len() && i < 1_000 {
            best = word;
        }
    }
    best
}

fn letter(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '\'' | '_')
}

fn main() {
    let mut cache: Cache<String, String> = Cache::new(2);
    let pattern = r#"a "raw" string"#;
    for name in ["x", "y", pattern] {
        if let Err(error) = cache.put(name.to_string(), format!("{}-{}", name, 1)) {
            eprintln!("{error}");
        }
    }
    let count = 'outer: loop {
        for i in 0..10 {
            if i * 2 > 7 {
                break 'outer i;
            }
        }
    };
    println!("{} {} {}", count, longest(&["a", "bc"], ""), letter('x'));
}
