package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Makes a tree from lines: `path/` is a directory, `path -> target` a symbolic link, `path = other` a further name of a
// file, `path |` a fifo, `path @` a socket, anything else a file that holds its own name. `path : 4755` sets a mode.
func makeTree(root string, entries []string) error {
	syscall.Umask(0)
	if err := os.Mkdir(root, 0755); err != nil {
		return err
	}
	for _, line := range entries {
		fields := strings.Split(line, " ")
		for i := range fields {
			fields[i] = decode(fields[i : i+1])[0]
		}
		if err := makeEntry(root, filepath.Join(root, fields[0]), fields); err != nil {
			return err
		}
	}
	return nil
}

func makeEntry(root, path string, fields []string) error {
	kind := ""
	if len(fields) > 1 {
		kind = fields[1]
	}
	if kind == ":" {
		mode, err := strconv.ParseUint(fields[2], 8, 32)
		if err != nil {
			return err
		}
		return syscall.Chmod(path, uint32(mode))
	}
	if strings.HasSuffix(fields[0], "/") {
		return os.MkdirAll(path, 0755)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0755); err != nil {
		return err
	}
	switch kind {
	case "->":
		return os.Symlink(fields[2], path)
	case "=":
		return os.Link(filepath.Join(root, fields[2]), path)
	case "|":
		return syscall.Mkfifo(path, 0644)
	case "@":
		return syscall.Mknod(path, syscall.S_IFSOCK|0644, 0)
	default:
		return os.WriteFile(path, []byte(fields[0]), 0644)
	}
}
