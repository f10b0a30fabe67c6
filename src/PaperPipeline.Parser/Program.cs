using PaperPipeline.Parser;
using PaperPipeline.ServiceDefaults;
using PaperPipeline.ServiceDefaults.Messaging;

return await WorkerHost.RunAsync(
    new Worker
    {
        Stage = "parser",
        Queue = Routes.Parse,
        Prefetch = 2,
        AddServices = ParserStage.AddWorkerAsync,
        AddConsumers = bus => bus.AddParserConsumers(),
    },
    args
);
