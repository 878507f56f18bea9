package lasr_test

import (
	"os"
	"testing"

	"fermata/models/lasr"
	"fermata/models/lasr/random"
)

func benchmarkBuild(b *testing.B, dir string) {
	c := open(b, os.DirFS(dir))
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Build(b.TempDir(), lasr.FP32); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuildDemo(b *testing.B) { benchmarkBuild(b, "../demo/checkpoint") }

func BenchmarkBuildMedASRSize(b *testing.B) {
	dir := b.TempDir()
	if err := random.Write(dir, random.MedASR); err != nil {
		b.Fatal(err)
	}
	benchmarkBuild(b, dir)
}

func BenchmarkHashDemo(b *testing.B) {
	c := open(b, os.DirFS("../demo/checkpoint"))
	for b.Loop() {
		hash(b, c)
	}
}
