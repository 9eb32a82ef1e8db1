fn main() -> std::process::ExitCode {
    let mut args = std::env::args().skip(1);
    match (args.next().as_deref(), args.next().as_deref(), args.next()) {
        (Some("engine"), Some("--fd"), Some(fd)) => hopscope::engine::main(fd.parse().unwrap_or(-1)),
        (Some("doctor"), _, _) => {
            hopscope::doctor::report().iter().for_each(|finding| println!("{finding}"));
            std::process::ExitCode::SUCCESS
        }
        _ => std::process::ExitCode::from(2),
    }
}
