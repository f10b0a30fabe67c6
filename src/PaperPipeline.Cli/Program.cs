using PaperPipeline.Cli;

return await CommandLine.RunAsync(args);
