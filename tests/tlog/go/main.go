// Checklog checks a log laid out as C2SP tlog-tiles with Go's own sumdb packages, which share no line with ours.
//
//	checklog log <folder> <vkey> [<older checkpoint>]   every tile, entry and a sample of proofs; growth since then
//	checklog proof <vkey> <leaf hash in hex>            a tlog-proof from standard input
//	checklog open <vkey>...                             a note from standard input, under every one of the keys
//	checklog sign <skey>                                the text from standard input, as a note
//
// It exits with 0 if all is well, 1 if not, 2 if misused.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight   = 8   // tree levels
	tileWidth    = 256 // hashes or leaves
	sampleStride = 97  // every so many leaves are proven one by one
	proofHead    = "c2sp.org/tlog-proof@v1\n"
	sumdbHead    = "go.sum database tree\n"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "checklog: say log, proof, open or sign")
		os.Exit(2)
	}
	words := os.Args[2:]
	var err error
	switch verb := os.Args[1]; {
	case verb == "log" && (len(words) == 2 || len(words) == 3):
		err = checkLog(words[0], words[1], words[2:])
	case verb == "proof" && len(words) == 2:
		err = checkProof(words[0], words[1])
	case verb == "open" && len(words) > 0:
		err = openNote(words)
	case verb == "sign" && len(words) == 1:
		err = signNote(words[0])
	default:
		fmt.Fprintln(os.Stderr, "checklog: misused; see the head of main.go")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "checklog:", err)
		os.Exit(1)
	}
}

// checkLog verifies the signature, the root, every tile and entry, a sample of inclusion proofs,
// and that the tree continues each older checkpoint.
func checkLog(folder, vkey string, older []string) error {
	data, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(data, vkey)
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tree, tileFiles{folder})
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return err
	}
	if root != tree.Hash {
		return errors.New("root mismatch")
	}
	if err := checkEntries(folder, tree, hashes); err != nil {
		return err
	}
	for _, path := range older {
		if err := checkGrowth(path, vkey, tree, hashes); err != nil {
			return err
		}
	}
	fmt.Printf("%d %s\n", tree.N, tree.Hash)
	return nil
}

// checkEntries hashes each leaf, holds it against the authenticated tree, and proves some of them singly.
func checkEntries(folder string, tree tlog.Tree, hashes tlog.HashReader) error {
	for start := int64(0); start < tree.N; start += tileWidth {
		width := min(tileWidth, tree.N-start)
		leaves, err := readBundle(folder, start/tileWidth, int(width))
		if err != nil {
			return err
		}
		indexes := make([]int64, width)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, start+int64(i))
		}
		expected, err := hashes.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for i, leaf := range leaves {
			number, hash := start+int64(i), tlog.RecordHash(leaf)
			if hash != expected[i] {
				return fmt.Errorf("entry %d does not have the hash that the tree gives it", number)
			}
			if number%sampleStride != 0 && number != tree.N-1 {
				continue
			}
			proof, err := tlog.ProveRecord(tree.N, number, hashes)
			if err != nil {
				return err
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, number, hash); err != nil {
				return fmt.Errorf("entry %d: %w", number, err)
			}
		}
	}
	return nil
}

// checkGrowth proves that the tree begins with the one of an older checkpoint.
func checkGrowth(path, vkey string, tree tlog.Tree, hashes tlog.HashReader) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	old, err := openCheckpoint(data, vkey)
	if err != nil {
		return err
	}
	if old.N > tree.N {
		return fmt.Errorf("the log shrank from %d to %d", old.N, tree.N)
	}
	if old.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}

// checkProof verifies a tlog-proof for one leaf hash.
func checkProof(vkey, leafHash string) error {
	data, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	text, checkpoint, found := strings.Cut(string(data), "\n\n")
	if !found || !strings.HasPrefix(text, proofHead) {
		return errors.New("not a proof")
	}
	lines := strings.Split(strings.TrimPrefix(text, proofHead), "\n")
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree, err := openCheckpoint([]byte(checkpoint), vkey)
	if err != nil {
		return err
	}
	raw, err := hex.DecodeString(leafHash)
	if err != nil || len(raw) != tlog.HashSize {
		return errors.New("not a leaf hash")
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.Hash(raw))
}

// openNote prints the text of a note that every one of the keys signed.
func openNote(vkeys []string) error {
	data, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	var text string
	for _, vkey := range vkeys {
		verifier, err := newVerifier(vkey)
		if err != nil {
			return err
		}
		opened, err := note.Open(data, note.VerifierList(verifier))
		if err != nil {
			return err
		}
		text = opened.Text
	}
	fmt.Print(text)
	return nil
}

// signNote prints the text from standard input as a signed note.
func signNote(skey string) error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return err
	}
	signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(signed)
	return err
}

// openCheckpoint opens a checkpoint under its log's key. Sumdb's parser knows one origin only, so it is put in its place.
func openCheckpoint(data []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	origin, rest, _ := strings.Cut(opened.Text, "\n")
	if origin != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("origin %q under the key of %q", origin, verifier.Name())
	}
	return tlog.ParseTree([]byte(sumdbHead + rest))
}

// tileFiles reads hash tiles from files, as tlog.TileReader wants them.
type tileFiles struct{ folder string }

func (files tileFiles) Height() int { return tileHeight }

func (files tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (files tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		// Sumdb writes the height into the path; C2SP leaves it out.
		path := "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
		data, err := os.ReadFile(filepath.Join(files.folder, path))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", path, len(data))
		}
		found = append(found, data)
	}
	return found, nil
}

// readBundle reads the leaves of one entry bundle.
func readBundle(folder string, index int64, width int) ([][]byte, error) {
	tile := tlog.Tile{H: tileHeight, L: 0, N: index, W: width}
	path := "tile/entries/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/0/", tileHeight))
	data, err := os.ReadFile(filepath.Join(folder, path))
	if err != nil {
		return nil, err
	}
	var leaves [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s ends within an entry", path)
		}
		stop := 2 + int(binary.BigEndian.Uint16(data))
		leaves, data = append(leaves, data[2:stop]), data[stop:]
	}
	if len(leaves) != width {
		return nil, fmt.Errorf("%s holds %d entries, not %d", path, len(leaves), width)
	}
	return leaves, nil
}

// newVerifier adds to sumdb's plain keys those of tlog-cosignature with Ed25519.
func newVerifier(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not a verifier key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return note.NewVerifier(vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if hex.EncodeToString(sum[:4]) != parts[1] {
		return nil, errors.New("the key does not have its id")
	}
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:4]), key[1:]}, nil
}

type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (cosigner cosigner) Name() string { return cosigner.name }

func (cosigner cosigner) KeyHash() uint32 { return cosigner.id }

func (cosigner cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	var message bytes.Buffer
	fmt.Fprintf(&message, "cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(signature))
	message.Write(text)
	return ed25519.Verify(cosigner.key, message.Bytes(), signature[8:])
}
