# The two commands of the README are `make run` and `make test`. Both bring
# what they need: system packages (apt), ONNX Runtime, the build.

GO       ?= go
BIN      := build/fermata
VERSION  := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
LDFLAGS  := -X fermata/app/cli.Version=0.1.0 -X fermata/app/cli.Revision=$(VERSION)
# PortAudio's Go binding keeps a Go pointer that checkptr, which -race turns
# on, refuses at the second OpenStream; the exception is for that package alone.
RACE     := -race -gcflags=github.com/gordonklaus/portaudio=-d=checkptr=0
TOOL     := $(GO) tool -modfile=tools/go.mod
FUZZTIME ?= 30s

export FERMATA_ONNXRUNTIME ?= $(CURDIR)/build/runtime/libonnxruntime.so.1
export FERMATA_SWIFTSHADER ?= $(CURDIR)/build/swiftshader/vk_swiftshader_icd.json

.PHONY: run test build runtime check bench gpu-check fuzz demo-model clean

run: build
	@tools/open $(BIN)

build: runtime
	@tools/setup build
	@mkdir -p build
	$(GO) build -ldflags "$(LDFLAGS)" -o $(BIN) .

runtime:
	@tools/runtime

# -count=1: the window, the microphone and the clipboard are outside what the
# test cache can see.
test: runtime
	@tools/setup build desk
	@tools/swiftshader
	$(GO) vet ./...
	$(GO) test $(RACE) -count=1 -timeout 15m ./...

check:
	@tools/setup build
	@tools/check

fuzz: runtime
	@tools/fuzz $(FUZZTIME)

bench: build
	@tools/setup desk
	@tools/bench $(BIN)

# On whatever cards there are; GPUCHECK="-full=false" for the demo model alone.
gpu-check: runtime
	@tools/setup build
	@mkdir -p build/bench
	cd bench && $(GO) build -o ../build/bench/gpu-check ./gpu
	build/bench/gpu-check $(GPUCHECK)

# The demo model anew, from text to evaluation: hours. HOURS is of training.
demo-model:
	@tools/setup demo
	models/demo/train/make $(HOURS)

clean:
	rm -rf build
