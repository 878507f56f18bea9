package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

const magic = "\x93NUMPY"

// headerLimit bounds the dictionary; NumPy itself refuses more than 10,000
// bytes of it.
const headerLimit = 1 << 16

// header is the dictionary at the start of an array.
type header struct {
	descr   string // such as "<f4"
	fortran bool   // the first index runs fastest
	shape   []int
}

var errNoArray = errors.New("is not a NumPy array; save one with numpy.save")

// readHeader reads magic, version, length and dictionary, as
// numpy.lib.format describes them.
func readHeader(r io.Reader) (header, error) {
	var start [8]byte
	if _, err := io.ReadFull(r, start[:]); err != nil || string(start[:6]) != magic {
		return header{}, errNoArray
	}
	length := make([]byte, 2)
	switch start[6] {
	case 1:
	case 2, 3:
		length = make([]byte, 4)
	default:
		return header{}, fmt.Errorf("is a NumPy array of version %d, of which nothing is known; save it with numpy.save", start[6])
	}
	if _, err := io.ReadFull(r, length); err != nil {
		return header{}, errNoArray
	}
	size := binary.LittleEndian.Uint32(append(length, 0, 0)[:4])
	if size > headerLimit {
		return header{}, fmt.Errorf("claims a header of %d bytes; copy it again", size)
	}
	dict := make([]byte, size)
	if _, err := io.ReadFull(r, dict); err != nil {
		return header{}, errors.New("ends within its header; copy it again")
	}
	return parse(string(dict))
}

// The entries of the dictionary, in any order, as Python's repr writes them.
var (
	descrEntry   = regexp.MustCompile(`'descr':\s*('([^']*)'|\[)`)
	fortranEntry = regexp.MustCompile(`'fortran_order':\s*(True|False)`)
	shapeEntry   = regexp.MustCompile(`'shape':\s*\(([0-9L,\s]*)\)`)
)

func parse(dict string) (header, error) {
	descr, fortran, shape := descrEntry.FindStringSubmatch(dict), fortranEntry.FindStringSubmatch(dict), shapeEntry.FindStringSubmatch(dict)
	if descr == nil || fortran == nil || shape == nil {
		return header{}, errors.New("has a header that cannot be understood; save it with numpy.save")
	}
	h := header{descr: descr[2], fortran: fortran[1] == "True"}
	for _, field := range strings.Split(shape[1], ",") {
		field = strings.TrimSuffix(strings.TrimSpace(field), "L") // Python 2
		if field == "" {
			continue
		}
		n, err := strconv.Atoi(field)
		if err != nil {
			return header{}, fmt.Errorf("claims a dimension of %.20s; copy it again", field)
		}
		h.shape = append(h.shape, n)
	}
	return h, nil
}

// count returns how many values there are, 1 for an array without dimensions.
func (h header) count() (int, error) {
	const mostDimensions = 32
	count := 1
	for _, n := range h.shape {
		if n > Limit || count*n > Limit || len(h.shape) > mostDimensions {
			return 0, fmt.Errorf("claims the shape %s, more than %d values; save a smaller part", spell(h.shape), Limit)
		}
		count *= n
	}
	return count, nil
}

// spell writes a shape as "(3, 512)".
func spell(shape []int) string {
	words := make([]string, 0, len(shape))
	for _, n := range shape[:min(len(shape), 8)] {
		words = append(words, strconv.Itoa(n))
	}
	return "(" + strings.Join(words, ", ") + ")"
}
