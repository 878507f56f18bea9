//go:build !linux

package onnx

import "errors"

func cudaFolder(string, string) string { return "" }

func checkCUDA(string) error {
	return errors.New("CUDA: Fermata uses it on Linux only; choose another device")
}

func linked(library, _ string) (path string, remove func(), err error) {
	return library, func() {}, nil
}
