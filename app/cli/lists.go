package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"fermata/capture"
	"fermata/models"
)

// listing is a command that prints a list, for people or as JSON.
func listing(name, short string, list func(asJSON bool) error) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   name,
		Short: short,
		Args:  noArguments,
		RunE:  func(*cobra.Command, []string) error { return list(asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// devices is what there is to hear and to compute with.
type devices struct {
	Microphones []capture.Device `json:"microphones"`
	Compute     []Device         `json:"compute"` // the processor first
	// NoCard says why no card is among them.
	NoCard string `json:"no_card,omitempty"`
}

func devicesCommand(parts Parts, stdio Stdio) *cobra.Command {
	return listing("devices", "List the microphones and what can compute", func(asJSON bool) error {
		microphones, err := parts.Microphones()
		if err != nil {
			return err
		}
		found := devices{
			Microphones: append([]capture.Device{}, microphones...), // never null
			Compute:     []Device{{ID: onCPU, Name: fmt.Sprintf("%s, %d threads", processor(), runtime.NumCPU())}},
		}
		found.look(parts)
		if asJSON {
			return writeJSON(stdio.Out, found)
		}
		return found.print(stdio.Out)
	})
}

// look adds the graphics cards, or why there are none.
func (d *devices) look(parts Parts) {
	if parts.Cards == nil {
		return
	}
	cards, err := parts.Cards()
	for _, c := range cards {
		if c.Verdict == "" {
			c.Verdict = "not checked yet"
		}
		d.Compute = append(d.Compute, c)
	}
	if err != nil {
		d.NoCard = err.Error()
	}
}

func (d devices) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(d.Microphones) == 0 {
		_, _ = fmt.Fprintln(t, "microphone\tnone found; plug one in and run this again")
	}
	for _, m := range d.Microphones {
		_, _ = fmt.Fprintf(t, "microphone\t%s\t%d Hz\t%s\n", m.Name, m.Rate, mark(m.Default, "default"))
	}
	for _, c := range d.Compute {
		_, _ = fmt.Fprintf(t, "computes\t%s\t%s\t%s\n", c.Name, c.ID, c.words())
	}
	if d.NoCard != "" {
		_, _ = fmt.Fprintln(t, d.NoCard)
	}
	return t.Flush()
}

func modelsCommand(parts Parts, stdio Stdio) *cobra.Command {
	return listing("models", "List the models that can be loaded", func(asJSON bool) error {
		list := parts.Models()
		if asJSON {
			return writeJSON(stdio.Out, list)
		}
		return printModels(stdio.Out, list)
	})
}

func printModels(w io.Writer, list []models.Info) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, m := range list {
		note := mark(m.Demo, "a demonstration, not for clinical use")
		if m.Problem != nil {
			note = m.Problem.Error()
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", m.Name, m.Format, m.Dir, note)
	}
	return t.Flush()
}

func versionCommand(parts Parts, stdio Stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Say which Fermata this is",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(stdio.Out, "fermata %s (%s, %s, %s/%s)\n%s\n",
				Version, Revision, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtimeLine(parts))
			return err
		},
	}
}

func runtimeLine(parts Parts) string {
	path, err := parts.Runtime()
	if err != nil {
		return fmt.Sprintf("%s: %v", parts.RuntimeName, err)
	}
	return fmt.Sprintf("%s, %s", parts.RuntimeName, path)
}

func writeJSON(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}

func mark(yes bool, word string) string {
	if yes {
		return word
	}
	return ""
}
