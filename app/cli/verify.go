package cli

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"fermata/inference/ctc"
	"fermata/models"
	"fermata/models/lasr"
)

// verify is one call of the command: its flags and its parts.
type verify struct {
	modelFlags
	lm   string
	json bool

	parts Parts
	stdio Stdio
}

func verifyCommand(parts Parts, stdio Stdio) *cobra.Command {
	v := &verify{parts: parts, stdio: stdio}
	cmd := &cobra.Command{
		Use:   "verify --model DIR REFERENCE.npz",
		Short: "Say whether Fermata computes what Google's code computes",
		Long: "Compares Fermata, stage by stage, with what tools/reference/reference.py wrote beside\n" +
			"Google's code: features, scores, ids and text of one recording, and the text by the\n" +
			"language model if both have one. Says which stages are\n" +
			"the same, and of the others where the largest difference is. The exit code is 0 if all\n" +
			"are the same and 1 if not.",
		Example: "  python3 tools/reference/reference.py --lm ~/medasr/lm_6.kenlm google/medasr visit.wav reference.npz\n" +
			"  fermata verify --model ~/medasr reference.npz",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return wrongUsage(cmd, fmt.Sprintf("takes one REFERENCE.npz, and got %d", len(args)))
			}
			return v.check(cmd)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return v.run(cmd, args[0]) },
	}
	cmd.Flags().SortFlags = false
	v.add(cmd, parts)
	cmd.Flags().StringVar(&v.lm, "lm", "", "language model `FILE` of the reference (default: the one in the model's folder)")
	cmd.Flags().BoolVar(&v.json, "json", false, "print JSON")
	return cmd
}

func (v *verify) run(cmd *cobra.Command, name string) error {
	r, err := readReference(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	engine, err := load(cmd.Context(), v.parts, v.stdio, Choice{
		Model: v.model, Device: v.device, Windows: r.windows(), Precision: lasr.Precision(v.precision),
		LM: v.lm, Beam: ctc.GoogleBeam(),
	}, v.strict)
	if err != nil {
		return err
	}
	defer func() { _ = engine.Close() }()
	found, err := v.compare(cmd.Context(), engine, r)
	if err != nil {
		return err
	}
	found.Reference = name
	found.note(configNote(v.model, r.about.ConfigSHA256))
	if v.json {
		err = writeJSON(v.stdio.Out, found)
	} else {
		err = found.print(v.stdio.Out)
	}
	if err == nil && !found.Same {
		err = errTold
	}
	return err
}

// compare opens the language model that the engine has, if the reference has
// one too, and says when only one of them does.
func (v *verify) compare(ctx context.Context, engine *Engine, r *reference) (*comparison, error) {
	if engine.Language == "" || !r.searched {
		found, err := compare(ctx, engine, nil, r)
		switch {
		case err != nil:
			return nil, err
		case r.searched:
			found.note("The reference's text by a language model was not compared; name that with --lm.")
		case engine.Language != "":
			found.note("The language model was not compared: the reference was made without; make it again with --lm.")
		}
		return found, nil
	}
	language, closeLanguage, err := openLanguage(ctx, v.parts, v.stdio, engine.Language, engine.Vocabulary)
	if err != nil {
		return nil, err
	}
	defer func() { _ = closeLanguage() }()
	return compare(ctx, engine, language, r)
}

// configNote says when the reference was made with another checkpoint, as far
// as config.json tells.
func configNote(model, sum string) string {
	info, err := models.Find(model)
	if err != nil || info.Dir == "" || sum == "" {
		return ""
	}
	config, err := os.ReadFile(filepath.Join(info.Dir, "config.json"))
	if err != nil || fmt.Sprintf("%x", sha256.Sum256(config)) == sum {
		return ""
	}
	return "The reference was made with another config.json, so perhaps with another checkpoint."
}
