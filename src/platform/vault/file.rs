//! The file of the keys: one line each, number and 64 hexadecimal digits. Written whole or not at all, mode 0600.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::VaultError;
use super::ring::{BYTES, Key, Ring};

const HEAD: &str = "# The keys of Parvis: private messages and other sealed content cannot be read without this file.\n\
# Keep a copy of it in a safe place, apart from the backups of the database. One key a line: number, key.\n";

/// How a file is told from a later one: device, inode, size, time of change in nanoseconds.
pub(super) type Mark = (u64, u64, u64, i64);

pub(super) fn mark(path: &Path) -> io::Result<Mark> {
    let found = fs::metadata(path)?;
    Ok((
        found.dev(),
        found.ino(),
        found.len(),
        found.mtime() * 1_000_000_000 + found.mtime_nsec(),
    ))
}

fn fault(path: &Path, cause: io::Error) -> VaultError {
    VaultError::File {
        path: path.to_path_buf(),
        cause,
    }
}

/// Whether there is one.
pub(super) fn exists(path: &Path) -> Result<bool, VaultError> {
    path.try_exists().map_err(|cause| fault(path, cause))
}

/// Reads it.
pub(super) fn read(path: &Path) -> Result<(Ring, Mark), VaultError> {
    let mark = mark(path).map_err(|cause| fault(path, cause))?;
    let text = fs::read_to_string(path).map_err(|cause| fault(path, cause))?;
    Ok((parse(path, &text)?, mark))
}

fn parse(path: &Path, text: &str) -> Result<Ring, VaultError> {
    let mut ring = Ring::default();
    let wrong = |line: usize, cause: &'static str| VaultError::Line {
        path: path.to_path_buf(),
        line: line + 1,
        cause,
    };
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, digits) = line
            .split_once(' ')
            .ok_or_else(|| wrong(number, "a line is a number and a key"))?;
        let name: u32 = name
            .parse()
            .map_err(|_| wrong(number, "the number of the key is no number"))?;
        let mut bytes = [0_u8; BYTES];
        hex::decode_to_slice(digits.trim(), &mut bytes)
            .map_err(|_| wrong(number, "a key has 64 hexadecimal digits"))?;
        if !ring.put(name, Key::new(bytes)) {
            return Err(wrong(number, "two keys have one number"));
        }
    }
    if ring.newest().is_none() {
        return Err(wrong(0, "there is no key in it"));
    }
    Ok(ring)
}

fn text(ring: &Ring) -> String {
    let mut text = HEAD.to_owned();
    for (number, key) in ring.all() {
        text.push_str(&format!("{number} {}\n", hex::encode(key.bytes())));
    }
    text
}

/// Writes a first file; `false` when another process was quicker, and its file holds.
pub(super) fn create(path: &Path, ring: &Ring) -> Result<bool, VaultError> {
    let part = write_beside(path, ring)?;
    let made = fs::hard_link(&part, path);
    fs::remove_file(&part).map_err(|cause| fault(path, cause))?;
    match made {
        Ok(()) => {
            make_last(path)?;
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(fault(path, error)),
    }
}

/// Puts a file in the place of the one that is there.
pub(super) fn write(path: &Path, ring: &Ring) -> Result<(), VaultError> {
    let part = write_beside(path, ring)?;
    fs::rename(&part, path).map_err(|cause| fault(path, cause))?;
    make_last(path)
}

/// Keeps a file that is to be replaced, under a name of its own.
pub(super) fn set_aside(path: &Path) -> Result<Option<PathBuf>, VaultError> {
    if !exists(path)? {
        return Ok(None);
    }
    let mut number = 1;
    loop {
        let aside = with_end(path, &format!(".old-{number}"));
        if !exists(&aside)? {
            fs::rename(path, &aside).map_err(|cause| fault(path, cause))?;
            return Ok(Some(aside));
        }
        number += 1;
    }
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn write_beside(path: &Path, ring: &Ring) -> Result<PathBuf, VaultError> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let part = with_end(path, &format!(".part-{}-{count}", std::process::id()));
    let written = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        match fs::remove_file(&part) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(&part)?;
        file.write_all(text(ring).as_bytes())?;
        file.sync_all()
    };
    written().map_err(|cause| fault(&part, cause))?;
    Ok(part)
}

fn make_last(path: &Path) -> Result<(), VaultError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|cause| fault(path, cause))
}
