// Times klauspost/reedsolomon (Leopard over GF(2^16)).
package main

import (
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sort"
	"syscall"
	"time"

	"github.com/klauspost/cpuid/v2"
	"github.com/klauspost/reedsolomon"
)

const library = "klauspost/reedsolomon"

type result struct {
	Library       string  `json:"library"`
	Version       string  `json:"version"`
	VersionSource string  `json:"version_source"`
	What          string  `json:"what"`
	Shape         string  `json:"shape"`
	RowBytes      int     `json:"row_bytes"`
	DataBytes     int     `json:"data_bytes"`
	Best          float64 `json:"bytes_per_second_best"`
	Median        float64 `json:"bytes_per_second_median"`
	Repetitions   int     `json:"repetitions"`
	Simd          string  `json:"simd"`
	Note          string  `json:"note"`
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/klauspost/reedsolomon" {
			return module.Version
		}
	}
	return "?"
}

// What the library asks of cpuid before it takes each path, best first.
func level() string {
	has := cpuid.CPU.Supports
	switch {
	case has(cpuid.AVX512F, cpuid.GFNI, cpuid.AVX512DQ):
		return "avx512+gfni"
	case has(cpuid.AVX512F, cpuid.AVX512BW, cpuid.AVX512VL):
		return "avx512"
	case has(cpuid.AVX, cpuid.GFNI):
		return "avx+gfni"
	case has(cpuid.AVX2):
		return "avx2"
	case has(cpuid.SSSE3):
		return "ssse3"
	case has(cpuid.ASIMD):
		return "neon"
	}
	return "none"
}

// The first call is not counted: it brings the memory in. The collector runs between the calls.
func measure(repetitions int, before, operation func()) []float64 {
	var seconds []float64
	for i := 0; i <= repetitions; i++ {
		before()
		runtime.GC()
		start := time.Now()
		operation()
		elapsed := time.Since(start).Seconds()
		if i > 0 {
			seconds = append(seconds, elapsed)
		}
	}
	sort.Float64s(seconds)
	return seconds
}

// Huge pages, where there are any, as the other programs of this table get them.
func memory(size int) []byte {
	bytes, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_ANON|syscall.MAP_PRIVATE)
	must(err)
	_ = syscall.Madvise(bytes, 14) // MADV_HUGEPAGE; a kernel without them says no
	return bytes
}

func shape(data []byte, originals, recoveries, repetitions int) {
	code, err := reedsolomon.New(originals, recoveries,
		reedsolomon.WithLeopardGF16(true), reedsolomon.WithMaxGoroutines(1))
	must(err)
	row := len(data) / originals
	parity := memory(recoveries * row)
	shards := make([][]byte, originals+recoveries)
	for i := range shards {
		if i < originals {
			shards[i] = data[i*row : (i+1)*row : (i+1)*row]
		} else {
			j := i - originals
			shards[i] = parity[j*row : (j+1)*row : (j+1)*row]
		}
	}
	print := func(what, note string, seconds []float64) {
		speed := func(s float64) float64 { return float64(len(data)) / s }
		must(json.NewEncoder(os.Stdout).Encode(result{
			library, version(), "module in the binary (go.sum)", what,
			fmt.Sprintf("%d+%d", originals, recoveries), row, len(data),
			speed(seconds[0]), speed(seconds[len(seconds)/2]), len(seconds), level(), note}))
	}
	encode := func() { must(code.Encode(shards)) }
	print("encode", "Leopard, GF(2^16), WithMaxGoroutines(1)",
		measure(repetitions, func() {}, encode))
	if originals != recoveries {
		return
	}
	// Every other shard is lost, original and parity: exactly as many are left as are needed. A
	// lost shard keeps its memory, so nothing is allocated for it.
	whole := append([][]byte(nil), shards...)
	first := whole[1][0]
	lose := func() {
		copy(shards, whole)
		for i := 1; i < len(shards); i += 2 {
			whole[i][0] ^= 0xff
			shards[i] = whole[i][:0]
		}
	}
	restore := func() { must(code.ReconstructData(shards)) }
	seconds := measure(repetitions, lose, restore)
	if len(shards[1]) != row || shards[1][0] != first {
		must(fmt.Errorf("%s restored something else", library))
	}
	print("decode", "half the originals lost, ReconstructData, Leopard, GF(2^16)", seconds)
}

func main() {
	quick := flag.Bool("quick", false, "16 MiB, 2 repetitions")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	size, repetitions := 128<<20, 5
	if *quick {
		size, repetitions = 16<<20, 2
	}
	data := memory(size)
	state := uint64(0x9e3779b97f4a7c15)
	for i := 0; i < size; i += 8 {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		binary.LittleEndian.PutUint64(data[i:], state)
	}
	shape(data, 4096, 4096, repetitions)
	shape(data, 4096, 8904, repetitions)
}
