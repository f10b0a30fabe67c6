using System.CommandLine;

namespace PaperPipeline.Cli;

/// <summary><c>completion SHELL</c>: prints a script that completes commands and options.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Shell = new("SHELL") { Description = "bash, zsh or fish" };

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a completion script: source <(paperpipeline completion bash)")
        {
            Shell,
        };
        command.SetAction(parsed => Console.Out.WriteLine(Script(parsed.GetValue(Shell)!)));
        return command;
    }

    private static string Script(string shell) =>
        shell switch
        {
            "bash" => """
                _paperpipeline() { mapfile -t COMPREPLY < <(paperpipeline "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null | grep -- "^${COMP_WORDS[COMP_CWORD]}"); }
                complete -o default -F _paperpipeline paperpipeline
                """,
            "zsh" => """
                _paperpipeline() { compadd -- ${(f)"$(paperpipeline "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)"} }
                compdef _paperpipeline paperpipeline
                """,
            _ => """
                complete -c paperpipeline -a '(paperpipeline "[suggest:"(commandline -C)"]" (commandline -b) 2>/dev/null)'
                """,
        };
}
